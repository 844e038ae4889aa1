-- What is known of a patient on the day of the build, and nothing that came after: a model that learns
-- from these rows must not see the future.
{%- set chronic_flags = {
    'has_diabetes': 'diabetes',
    'has_hypertension': 'hypertension',
    'has_ischemic_heart_disease': 'ischemic heart disease',
    'has_heart_failure': 'heart failure',
    'has_chronic_kidney_disease': 'chronic kidney disease',
    'has_copd': 'copd',
    'has_asthma': 'asthma',
    'has_cancer': 'cancer',
} %}
{%- set vital_signs = {
    'latest_systolic_blood_pressure': '8480-6',
    'latest_diastolic_blood_pressure': '8462-4',
    'latest_heart_rate': '8867-4',
    'latest_respiratory_rate': '9279-1',
    'latest_body_height': '8302-2',
    'latest_body_weight': '29463-7',
    'latest_body_mass_index': '39156-5',
    'latest_pain_severity': '72514-3',
    'latest_quality_of_life_score': 'QOLS',
} %}

with

patients as (
    select
        patient_key,
        _loaded_at
    from {{ ref('silver_medical__patients') }}
),

encounters as (
    select
        patient_key,
        count(*) as encounter_count,
        count_if(days_ago < 365) as recent_encounter_count,
        count_if(days_ago < 365 and encounter_class in ('emergency', 'urgentcare'))
            as recent_urgent_encounter_count,
        count_if(encounter_class = 'inpatient') as inpatient_stay_count,
        count_if(is_readmission) as readmission_count,
        min(days_ago) as days_since_last_encounter,
        min(if(encounter_class = 'wellness', days_ago)) as days_since_last_wellness_visit,
        max(_loaded_at) as _loaded_at
    from (
        select
            *,
            date_diff('day', cast(started_at as date), {{ as_of_date() }}) as days_ago
        from {{ ref('fct_medical__encounters') }}
    )
    where days_ago >= 0
    group by patient_key
),

conditions as (
    select
        patient_key,
        count_if(is_active and condition_kind <> 'finding') as active_condition_count,
        count(distinct if(is_active, chronic_group)) as active_chronic_group_count,
        {% for name, group in chronic_flags.items() -%}
        bool_or(is_active and coalesce(chronic_group = '{{ group }}', false)) as {{ name }},
        {% endfor -%}
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__conditions') }}
    where onset_date <= {{ as_of_date() }}
    group by patient_key
),

prescriptions as (
    select
        patient_key,
        count(*) as prescription_count,
        count(distinct if(is_active, drug_code)) as active_drug_count,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__prescriptions') }}
    where cast(started_at as date) <= {{ as_of_date() }}
    group by patient_key
),

procedures as (
    select
        patient_key,
        count(*) as procedure_count,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__procedures') }}
    where cast(started_at as date) <= {{ as_of_date() }}
    group by patient_key
),

immunizations as (
    select
        patient_key,
        count(*) as immunization_count,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__immunizations') }}
    where cast(administered_at as date) <= {{ as_of_date() }}
    group by patient_key
),

allergies as (
    select
        patient_key,
        count_if(is_active) as active_allergy_count,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__allergies') }}
    group by patient_key
),

-- The key breaks ties between values of one moment, so that every build picks the same.
vital_signs as (
    select
        patient_key,
        {% for name, code in vital_signs.items() -%}
        max_by(numeric_value, row(observed_at, observation_key))
            filter (where observation_code = '{{ code }}') as {{ name }},
        {% endfor -%}
        max(observed_at) as last_observed_at,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__observations') }}
    where
        observation_code in ('{{ vital_signs.values() | join("', '") }}')
        and cast(observed_at as date) <= {{ as_of_date() }}
    group by patient_key
),

final as (
    select
        patients.patient_key,
        coalesce(encounters.encounter_count, 0) as encounter_count,
        coalesce(encounters.recent_encounter_count, 0) as recent_encounter_count,
        coalesce(encounters.recent_urgent_encounter_count, 0) as recent_urgent_encounter_count,
        coalesce(encounters.inpatient_stay_count, 0) as inpatient_stay_count,
        coalesce(encounters.readmission_count, 0) as readmission_count,
        coalesce(conditions.active_condition_count, 0) as active_condition_count,
        coalesce(conditions.active_chronic_group_count, 0) as active_chronic_group_count,
        coalesce(prescriptions.prescription_count, 0) as prescription_count,
        coalesce(prescriptions.active_drug_count, 0) as active_drug_count,
        coalesce(procedures.procedure_count, 0) as procedure_count,
        coalesce(immunizations.immunization_count, 0) as immunization_count,
        coalesce(allergies.active_allergy_count, 0) as active_allergy_count,
        encounters.days_since_last_encounter,
        encounters.days_since_last_wellness_visit,
        {% for name in vital_signs -%}
        vital_signs.{{ name }},
        {% endfor -%}
        {% for name in chronic_flags -%}
        coalesce(conditions.{{ name }}, false) as {{ name }},
        {% endfor -%}
        {{ as_of_date() }} as as_of_date,
        vital_signs.last_observed_at,
        greatest(
            patients._loaded_at,
            {% for events in [
                'encounters', 'conditions', 'prescriptions', 'procedures', 'immunizations',
                'allergies', 'vital_signs',
            ] -%}
            coalesce({{ events }}._loaded_at, patients._loaded_at){{ ',' if not loop.last }}
            {% endfor %}
        ) as _loaded_at
    from patients
    {%- for events in [
        'encounters', 'conditions', 'prescriptions', 'procedures', 'immunizations', 'allergies',
        'vital_signs',
    ] %}
    left join {{ events }} on patients.patient_key = {{ events }}.patient_key
    {%- endfor %}
)

select * from final

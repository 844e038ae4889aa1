-- What is known of a patient on the day of the build, and nothing that came after: a service that
-- learns from these rows must not see the future.
with

patients as (
    select
        patient_key,
        _loaded_at
    from {{ ref('silver_medical__patients') }}
),

dated_encounters as (
    select
        patient_key,
        encounter_class,
        is_readmission,
        date_diff('day', cast(started_at as date), {{ as_of_date() }}) as days_ago,
        _loaded_at
    from {{ ref('fct_medical__encounters') }}
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
    from dated_encounters
    where days_ago >= 0
    group by patient_key
),

conditions as (
    select
        patient_key,
        count_if(is_disorder) as active_condition_count,
        count(distinct chronic_group) as active_chronic_group_count,
        array_agg(distinct chronic_group) as chronic_groups,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__conditions') }}
    where is_active
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
        count(*) as active_allergy_count,
        max(_loaded_at) as _loaded_at
    from {{ ref('fct_medical__allergies') }}
    where is_active
    group by patient_key
),

vital_signs as (
    select
        patient_key,
        systolic_blood_pressure,
        diastolic_blood_pressure,
        heart_rate,
        respiratory_rate,
        body_height,
        body_weight,
        body_mass_index,
        pain_severity,
        quality_of_life_score,
        last_observed_at,
        _loaded_at
    from {{ ref('silver_medical__latest_vital_signs') }}
),

observation_years as (
    select
        patients.patient_key,
        coalesce(encounters.encounter_count, 0) as encounter_count,
        coalesce(prescriptions.prescription_count, 0) as prescription_count,
        date_trunc('year', vital_signs.last_observed_at) as last_observed_at
    from patients
    left join encounters on patients.patient_key = encounters.patient_key
    left join prescriptions on patients.patient_key = prescriptions.patient_key
    left join vital_signs on patients.patient_key = vital_signs.patient_key
),

{{ shown_in_groups(
    'observation_years', ['last_observed_at'], sensitive=['encounter_count', 'prescription_count']
) }},

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
        vital_signs.systolic_blood_pressure as latest_systolic_blood_pressure,
        vital_signs.diastolic_blood_pressure as latest_diastolic_blood_pressure,
        vital_signs.heart_rate as latest_heart_rate,
        vital_signs.respiratory_rate as latest_respiratory_rate,
        vital_signs.body_height as latest_body_height,
        vital_signs.body_weight as latest_body_weight,
        vital_signs.body_mass_index as latest_body_mass_index,
        vital_signs.pain_severity as latest_pain_severity,
        vital_signs.quality_of_life_score as latest_quality_of_life_score,
        {% for group in [
            'diabetes', 'hypertension', 'ischemic heart disease', 'heart failure',
            'chronic kidney disease', 'copd', 'asthma', 'cancer',
        ] -%}
        coalesce(contains(conditions.chronic_groups, '{{ group }}'), false)
            as has_{{ group | replace(' ', '_') }},
        {% endfor -%}
        {{ as_of_date() }} as as_of_date,
        if(shown.shows_last_observed_at, shown.last_observed_at) as last_observed_at,
        greatest(
            patients._loaded_at,
            coalesce(encounters._loaded_at, patients._loaded_at),
            coalesce(conditions._loaded_at, patients._loaded_at),
            coalesce(prescriptions._loaded_at, patients._loaded_at),
            coalesce(procedures._loaded_at, patients._loaded_at),
            coalesce(immunizations._loaded_at, patients._loaded_at),
            coalesce(allergies._loaded_at, patients._loaded_at),
            coalesce(vital_signs._loaded_at, patients._loaded_at)
        ) as _loaded_at
    from patients
    inner join shown on patients.patient_key = shown.patient_key
    left join encounters on patients.patient_key = encounters.patient_key
    left join conditions on patients.patient_key = conditions.patient_key
    left join prescriptions on patients.patient_key = prescriptions.patient_key
    left join procedures on patients.patient_key = procedures.patient_key
    left join immunizations on patients.patient_key = immunizations.patient_key
    left join allergies on patients.patient_key = allergies.patient_key
    left join vital_signs on patients.patient_key = vital_signs.patient_key
)

select * from final

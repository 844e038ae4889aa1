-- A record filed under somebody else's encounter is a mix-up of patients. A few are for the clinic
-- to correct; beyond the threshold of a quarantine something is wrong with the delivery.
with

records as (
    {% for table in [
        'fct_medical__observations',
        'fct_medical__conditions',
        'fct_medical__prescriptions',
        'fct_medical__immunizations',
        'fct_medical__procedures',
        'fct_medical__allergies',
        'fct_medical__care_plans',
        'fct_medical__imaging_studies',
    ] -%}
    select
        '{{ table }}' as product,
        patient_key,
        encounter_id
    from {{ ref(table) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

encounters as (
    select
        encounter_id,
        patient_key
    from {{ ref('fct_medical__encounters') }}
),

compared as (
    select
        records.product,
        count_if(records.patient_key <> encounters.patient_key) as mixed_up_records,
        count(*) as all_records
    from records
    inner join encounters on records.encounter_id = encounters.encounter_id
    group by records.product
)

select * from compared
where
    mixed_up_records > {{ var('quarantine_max_rows') }}
    and mixed_up_records > {{ var('quarantine_max_share') }} * all_records

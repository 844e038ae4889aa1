with

immunizations as (
    select
        immunization_key,
        patient_key,
        encounter_id,
        vaccine_code,
        vaccine_description,
        administered_at,
        _loaded_at
    from {{ ref('silver_medical__immunizations') }}
),

vaccines as (
    select
        vaccine_code,
        protects_against
    from {{ ref('reference_medical__vaccines') }}
),

encounters as (
    select
        encounter_id,
        organization_id,
        provider_id
    from {{ ref('silver_medical__encounters') }}
),

final as (
    select
        immunizations.immunization_key,
        immunizations.patient_key,
        immunizations.encounter_id,
        encounters.organization_id,
        encounters.provider_id,
        immunizations.vaccine_code,
        immunizations.vaccine_description,
        vaccines.protects_against,
        row_number() over (
            partition by immunizations.patient_key, immunizations.vaccine_code
            order by immunizations.administered_at, immunizations.immunization_key
        ) as dose_number,
        immunizations.administered_at,
        immunizations._loaded_at
    from immunizations
    left join vaccines
        on immunizations.vaccine_code = vaccines.vaccine_code
    left join encounters
        on immunizations.encounter_id = encounters.encounter_id
)

select * from final

{% set record = ['encounter_id', 'vaccine_code', 'administered_at'] %}

with

immunizations as (
    select
        patient_id,
        encounter_id,
        vaccine_code,
        vaccine_description,
        administered_at,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_immunizations') }}
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

pseudonymised as (
    select
        keys.patient_key,
        immunizations.encounter_id,
        immunizations.vaccine_code,
        immunizations.vaccine_description,
        immunizations.administered_at,
        {{ occurrence('immunizations', record) }} as occurrence,
        immunizations._rejection_reasons,
        immunizations._batch_id,
        immunizations._row_number,
        immunizations._loaded_at as _landed_at,
        greatest(immunizations._loaded_at, keys._loaded_at) as _loaded_at
    from immunizations
    inner join keys on immunizations.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['patient_key'] + record + ['occurrence']) }} as _version
    from pseudonymised
    where cardinality(_rejection_reasons) = 0
),

final as (
    select
        {{ surrogate_key(
            ['patient_key'] + record + ['occurrence'], 'medical'
        ) }} as immunization_key,
        patient_key,
        encounter_id,
        vaccine_code,
        vaccine_description,
        administered_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

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

-- Rows of one file that agree in everything that names the record are several records, told apart
-- by their order. Rejected rows are numbered too, so that a row which turns bad in a later file
-- does not shift the ones after it. A row of a later file takes the place of its earlier version.
pseudonymised as (
    select
        keys.patient_key,
        immunizations.encounter_id,
        immunizations.vaccine_code,
        immunizations.vaccine_description,
        immunizations.administered_at,
        row_number() over (
            partition by
                immunizations._batch_id,
                keys.patient_key,
                immunizations.encounter_id,
                immunizations.vaccine_code,
                immunizations.administered_at
            order by immunizations._row_number
        ) as occurrence,
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
        row_number() over (
            partition by patient_key, encounter_id, vaccine_code, administered_at, occurrence
            order by _landed_at desc, _row_number desc
        ) as _version
    from pseudonymised
    where cardinality(_rejection_reasons) = 0
),

final as (
    select
        {{ surrogate_key([
            'patient_key',
            'encounter_id',
            'vaccine_code',
            'administered_at',
            'occurrence',
        ]) }} as immunization_key,
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

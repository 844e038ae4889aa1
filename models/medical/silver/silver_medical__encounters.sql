{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='encounter_id',
    on_schema_change='append_new_columns',
) }}

with

encounters as (
    select
        patient_id,
        encounter_id,
        organization_id,
        provider_id,
        encounter_class,
        encounter_code,
        encounter_description,
        reason_code,
        reason_description,
        started_at,
        stopped_at,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_encounters') }}
    where cardinality(_rejection_reasons) = 0
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
        encounters.encounter_id,
        encounters.organization_id,
        encounters.provider_id,
        encounters.encounter_class,
        encounters.encounter_code,
        encounters.encounter_description,
        encounters.reason_code,
        encounters.reason_description,
        encounters.started_at,
        encounters.stopped_at,
        encounters._batch_id,
        encounters._row_number,
        encounters._loaded_at as _landed_at,
        greatest(encounters._loaded_at, keys._loaded_at) as _loaded_at
    from encounters
    inner join keys on encounters.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['encounter_id']) }} as _version
    from pseudonymised
    where {{ touched('pseudonymised', 'encounter_id') }}
),

final as (
    select
        encounter_id,
        patient_key,
        organization_id,
        provider_id,
        encounter_class,
        encounter_code,
        encounter_description,
        reason_code,
        reason_description,
        started_at,
        stopped_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

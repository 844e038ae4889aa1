{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='procedure_key',
    on_schema_change='append_new_columns',
) }}

{% set record = ['encounter_id', 'procedure_code', 'started_at'] %}

with

procedures as (
    select
        patient_id,
        encounter_id,
        procedure_code,
        procedure_description,
        reason_code,
        reason_description,
        started_at,
        stopped_at,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_procedures') }}
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
        procedures.encounter_id,
        procedures.procedure_code,
        procedures.procedure_description,
        procedures.reason_code,
        procedures.reason_description,
        procedures.started_at,
        procedures.stopped_at,
        {{ occurrence('procedures', record) }} as occurrence,
        procedures._rejection_reasons,
        procedures._batch_id,
        procedures._row_number,
        procedures._loaded_at as _landed_at,
        greatest(procedures._loaded_at, keys._loaded_at) as _loaded_at
    from procedures
    inner join keys on procedures.patient_id = keys.patient_id
    where {{ newly_loaded('greatest(procedures._loaded_at, keys._loaded_at)') }}
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
        {{ surrogate_key(['patient_key'] + record + ['occurrence'], 'medical') }} as procedure_key,
        patient_key,
        encounter_id,
        procedure_code,
        procedure_description,
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

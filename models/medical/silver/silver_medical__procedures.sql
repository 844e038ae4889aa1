{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='procedure_key',
    on_schema_change='append_new_columns',
) }}

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

-- Rows of one file that agree in everything that names the record are several records, told apart
-- by their order. Rejected rows are numbered too, so that a row which turns bad in a later file
-- does not shift the ones after it. A row of a later file takes the place of its earlier version.
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
        row_number() over (
            partition by
                procedures._batch_id,
                keys.patient_key,
                procedures.encounter_id,
                procedures.procedure_code,
                procedures.started_at
            order by procedures._row_number
        ) as occurrence,
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
        row_number() over (
            partition by patient_key, encounter_id, procedure_code, started_at, occurrence
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
            'procedure_code',
            'started_at',
            'occurrence',
        ]) }} as procedure_key,
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

{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='condition_key',
    on_schema_change='append_new_columns',
) }}

with

conditions as (
    select
        patient_id,
        encounter_id,
        condition_code,
        condition_description,
        onset_date,
        resolved_date,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_conditions') }}
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
        conditions.encounter_id,
        conditions.condition_code,
        conditions.condition_description,
        conditions.onset_date,
        conditions.resolved_date,
        row_number() over (
            partition by
                conditions._batch_id,
                keys.patient_key,
                conditions.encounter_id,
                conditions.condition_code,
                conditions.onset_date
            order by conditions._row_number
        ) as occurrence,
        conditions._rejection_reasons,
        conditions._batch_id,
        conditions._row_number,
        conditions._loaded_at as _landed_at,
        greatest(conditions._loaded_at, keys._loaded_at) as _loaded_at
    from conditions
    inner join keys on conditions.patient_id = keys.patient_id
    where {{ newly_loaded('greatest(conditions._loaded_at, keys._loaded_at)') }}
),

versions as (
    select
        *,
        row_number() over (
            partition by patient_key, encounter_id, condition_code, onset_date, occurrence
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
            'condition_code',
            'onset_date',
            'occurrence',
        ]) }} as condition_key,
        patient_key,
        encounter_id,
        condition_code,
        condition_description,
        onset_date,
        resolved_date,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

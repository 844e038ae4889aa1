{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='condition_key',
    on_schema_change='append_new_columns',
) }}

{% set record = ['encounter_id', 'condition_code', 'onset_date'] %}

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

pseudonymised as (
    select
        keys.patient_key,
        conditions.encounter_id,
        conditions.condition_code,
        conditions.condition_description,
        conditions.onset_date,
        conditions.resolved_date,
        {{ occurrence('conditions', record) }} as occurrence,
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
        {{ version(['patient_key'] + record + ['occurrence']) }} as _version
    from pseudonymised
    where cardinality(_rejection_reasons) = 0
),

final as (
    select
        {{ surrogate_key(['patient_key'] + record + ['occurrence'], 'medical') }} as condition_key,
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

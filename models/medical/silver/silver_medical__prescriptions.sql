{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='prescription_key',
    on_schema_change='append_new_columns',
) }}

{% set record = ['encounter_id', 'drug_code', 'started_at'] %}

with

prescriptions as (
    select
        patient_id,
        encounter_id,
        drug_code,
        drug_description,
        reason_code,
        reason_description,
        dispense_count,
        started_at,
        stopped_at,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_medications') }}
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
        prescriptions.encounter_id,
        prescriptions.drug_code,
        prescriptions.drug_description,
        prescriptions.reason_code,
        prescriptions.reason_description,
        prescriptions.dispense_count,
        prescriptions.started_at,
        prescriptions.stopped_at,
        {{ occurrence('prescriptions', record) }} as occurrence,
        prescriptions._rejection_reasons,
        prescriptions._batch_id,
        prescriptions._row_number,
        prescriptions._loaded_at as _landed_at,
        greatest(prescriptions._loaded_at, keys._loaded_at) as _loaded_at
    from prescriptions
    inner join keys on prescriptions.patient_id = keys.patient_id
    where {{ newly_loaded('greatest(prescriptions._loaded_at, keys._loaded_at)') }}
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
        ) }} as prescription_key,
        patient_key,
        encounter_id,
        drug_code,
        drug_description,
        reason_code,
        reason_description,
        dispense_count,
        started_at,
        stopped_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

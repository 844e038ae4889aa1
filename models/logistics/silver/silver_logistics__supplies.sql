{{ config(materialized='incremental', incremental_strategy='merge', unique_key='supply_key') }}

{% set record = ['encounter_id', 'item_code', 'supplied_date'] %}

with

supplies as (
    select
        patient_id,
        encounter_id,
        item_code,
        item_name,
        quantity,
        supplied_date,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_logistics__synthea_supplies') }}
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'logistics'
),

numbered as (
    select
        keys.patient_key,
        supplies.encounter_id,
        supplies.item_code,
        supplies.item_name,
        supplies.quantity,
        supplies.supplied_date,
        {{ occurrence('supplies', record) }} as occurrence,
        supplies._rejection_reasons,
        supplies._batch_id,
        supplies._row_number,
        supplies._loaded_at as _landed_at,
        greatest(supplies._loaded_at, keys._loaded_at) as _loaded_at
    from supplies
    inner join keys on supplies.patient_id = keys.patient_id
    where {{ newly_loaded('greatest(supplies._loaded_at, keys._loaded_at)') }}
),

keyed as (
    select
        *,
        {{ surrogate_key(['patient_key'] + record + ['occurrence'], 'logistics') }} as supply_key
    from numbered
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        {{ version(['supply_key']) }} as _version
    from keyed
),

final as (
    select
        supply_key,
        patient_key,
        encounter_id,
        item_code,
        item_name,
        quantity,
        supplied_date,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

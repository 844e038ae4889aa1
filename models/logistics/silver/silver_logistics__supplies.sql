{{ config(materialized='incremental', incremental_strategy='merge', unique_key='supply_key') }}

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

-- The file has no identifier. Rejected rows count too, so that a row which turns bad in a later
-- batch does not shift the ones after it.
numbered as (
    select
        keys.patient_key,
        supplies.encounter_id,
        supplies.item_code,
        supplies.item_name,
        supplies.quantity,
        supplies.supplied_date,
        row_number() over (
            partition by
                supplies._batch_id,
                keys.patient_key,
                supplies.encounter_id,
                supplies.item_code,
                supplies.supplied_date
            order by supplies._row_number
        ) as occurrence,
        supplies._rejection_reasons,
        supplies._batch_id,
        supplies._row_number,
        supplies._loaded_at as _batch_loaded_at,
        greatest(supplies._loaded_at, keys._loaded_at) as _loaded_at
    from supplies
    inner join keys on supplies.patient_id = keys.patient_id
    where {{ newly_loaded('greatest(supplies._loaded_at, keys._loaded_at)') }}
),

keyed as (
    select
        *,
        {{ surrogate_key(
            ['patient_key', 'encounter_id', 'item_code', 'supplied_date', 'occurrence']
        ) }} as supply_key
    from numbered
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        row_number() over (
            partition by supply_key
            order by _batch_loaded_at desc, _row_number desc
        ) as _version
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

{{ config(properties=iceberg_table(sorted_by=['consumed_date'])) }}

with

supplies as (
    select
        supply_key as consumption_key,
        patient_key,
        encounter_id,
        'supply' as item_type,
        item_code,
        item_name,
        quantity,
        supplied_date as consumed_date,
        _loaded_at
    from {{ ref('silver_logistics__supplies') }}
),

-- One device is one unit, consumed on the day its use began.
devices as (
    select
        device_key as consumption_key,
        patient_key,
        encounter_id,
        'device' as item_type,
        item_code,
        item_name,
        1 as quantity,
        cast(started_at as date) as consumed_date,
        _loaded_at
    from {{ ref('silver_logistics__devices') }}
),

drug_dispenses as (
    select
        drug_dispense_key as consumption_key,
        patient_key,
        encounter_id,
        'drug' as item_type,
        item_code,
        item_name,
        quantity,
        dispensed_date as consumed_date,
        _loaded_at
    from {{ ref('silver_logistics__drug_dispenses') }}
),

encounters as (
    select
        encounter_id,
        organization_id
    from {{ ref('fct_medical__encounters') }}
),

items as (
    select
        item_type,
        item_code,
        item_name,
        category,
        supply_class,
        unit_price_amount
    from {{ ref('reference_logistics__items') }}
),

consumed as (
    select * from supplies
    union all
    select * from devices
    union all
    select * from drug_dispenses
),

-- Neither a missing encounter nor an unlisted item may drop what was consumed, hence left joins.
final as (
    select
        consumed.consumption_key,
        encounters.organization_id as site_id,
        consumed.patient_key,
        consumed.encounter_id,
        consumed.item_type,
        consumed.item_code,
        coalesce(items.item_name, consumed.item_name) as item_name,
        coalesce(items.category, 'unlisted') as category,
        coalesce(items.supply_class, 'unlisted') as supply_class,
        cast('USD' as varchar) as currency_code,
        cast(consumed.quantity as bigint) as quantity,
        cast(
            case items.supply_class
                when 'fixed' then 0
                else consumed.quantity * items.unit_price_amount
            end as decimal(18, 2)
        ) as cost_amount,
        consumed.consumed_date,
        consumed._loaded_at
    from consumed
    left join encounters on consumed.encounter_id = encounters.encounter_id
    left join items
        on
            consumed.item_type = items.item_type
            and consumed.item_code = items.item_code
)

select * from final

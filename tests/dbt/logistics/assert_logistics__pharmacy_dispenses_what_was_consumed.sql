with

dispensed as (
    select coalesce(sum(dispense_count), 0) as quantity
    from {{ ref('agg_logistics__pharmacy_dispensing') }}
),

consumed as (
    select coalesce(sum(quantity), 0) as quantity
    from {{ ref('fct_logistics__consumption') }}
    where item_type = 'drug'
)

select
    dispensed.quantity as dispensed_quantity,
    consumed.quantity as consumed_quantity
from dispensed
cross join consumed
where dispensed.quantity <> consumed.quantity

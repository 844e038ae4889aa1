-- Nothing is lost or doubled from supplies, devices and prescriptions to the figures per month.
with

used as (
    select
        'supply' as item_type,
        sum(quantity) as quantity
    from {{ ref('silver_logistics__supplies') }}
    union all
    select
        'device' as item_type,
        count(*) as quantity
    from {{ ref('silver_logistics__devices') }}
    union all
    select
        'drug' as item_type,
        sum(dispense_count) as quantity
    from {{ ref('fct_medical__prescriptions') }}
),

facts as (
    select
        item_type,
        sum(quantity) as quantity
    from {{ ref('fct_logistics__consumption') }}
    group by item_type
),

months as (
    select
        item_type,
        sum(quantity) as quantity
    from {{ ref('silver_logistics__monthly_usage') }}
    group by item_type
)

select
    used.item_type,
    used.quantity as used_quantity,
    facts.quantity as fact_quantity,
    months.quantity as month_quantity
from used
left join facts on used.item_type = facts.item_type
left join months on used.item_type = months.item_type
where
    coalesce(used.quantity, 0) <> coalesce(facts.quantity, 0)
    or coalesce(used.quantity, 0) <> coalesce(months.quantity, 0)

with

performance as (
    select
        coalesce(sum(consumed_quantity), 0) as quantity,
        coalesce(sum(consumption_cost_amount), 0) as cost_amount
    from {{ ref('silver_analytics__site_months') }}
),

consumption as (
    select
        coalesce(sum(quantity), 0) as quantity,
        coalesce(sum(cost_amount), 0) as cost_amount
    from {{ ref('fct_logistics__consumption') }}
)

select
    performance.quantity as performance_quantity,
    consumption.quantity as consumption_quantity,
    performance.cost_amount as performance_cost_amount,
    consumption.cost_amount as consumption_cost_amount
from performance
cross join consumption
where
    performance.quantity <> consumption.quantity
    or performance.cost_amount <> consumption.cost_amount

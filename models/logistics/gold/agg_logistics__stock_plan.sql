-- The clinical system counts no stock. The plan assumes that every stocked item is brought up to
-- its target at the start of a month, and projects the stock from what was used since.
{% set demand_days = 365 %}
{% set review_days = 30 %}

with

items as (
    select
        item_type,
        item_code,
        item_name,
        category,
        unit,
        supply_class,
        supplier_code,
        supplier_name,
        currency_code,
        pack_size,
        unit_price_amount,
        lead_time_days,
        safety_days
    from {{ ref('dim_logistics__items') }}
),

consumption as (
    select
        item_type,
        item_code,
        quantity,
        consumed_date
    from {{ ref('fct_logistics__consumption') }}
    where consumed_date <= {{ as_of_date() }}
),

-- An old history is planned from its own last day, not from a year in which nothing was recorded.
plan_days as (
    select coalesce(max(consumed_date), {{ as_of_date() }}) as plan_date from consumption
),

demand as (
    select
        consumption.item_type,
        consumption.item_code,
        sum(consumption.quantity) as demand_quantity,
        sum(
            if(
                consumption.consumed_date >= date_trunc('month', plan_days.plan_date),
                consumption.quantity,
                0
            )
        ) as used_this_month_quantity
    from consumption
    cross join plan_days
    where consumption.consumed_date > date_add('day', -{{ demand_days }}, plan_days.plan_date)
    group by consumption.item_type, consumption.item_code
),

rated as (
    select
        items.*,
        plan_days.plan_date,
        coalesce(demand.demand_quantity, 0) as demand_quantity,
        coalesce(demand.used_this_month_quantity, 0) as used_this_month_quantity,
        items.supply_class in ('consumable', 'dispensed') as is_stocked
    from items
    cross join plan_days
    left join demand
        on
            items.item_type = demand.item_type
            and items.item_code = demand.item_code
),

-- Whole numbers are multiplied before they are divided, so that no rounding reaches the ceiling.
levelled as (
    select
        *,
        if(is_stocked, (demand_quantity * safety_days + {{ demand_days - 1 }}) / {{ demand_days }})
            as safety_stock_quantity,
        if(
            is_stocked,
            (demand_quantity * (lead_time_days + safety_days) + {{ demand_days - 1 }})
            / {{ demand_days }}
        ) as reorder_point_quantity,
        if(
            is_stocked,
            (
                demand_quantity * (lead_time_days + safety_days + {{ review_days }})
                + {{ demand_days - 1 }}
            ) / {{ demand_days }}
        ) as target_quantity
    from rated
),

projected as (
    select
        *,
        greatest(target_quantity - used_this_month_quantity, 0) as projected_stock_quantity
    from levelled
),

ordered as (
    select
        *,
        case
            when not is_stocked then null
            when projected_stock_quantity > reorder_point_quantity then 0
            else
                (target_quantity - projected_stock_quantity + pack_size - 1) / pack_size
                * pack_size
        end as suggested_order_quantity
    from projected
),

final as (
    select
        item_type,
        item_code,
        item_name,
        category,
        unit,
        supply_class,
        supplier_code,
        supplier_name,
        case
            when supply_class = 'unlisted' then 'unlisted'
            when supply_class = 'on_demand' then 'ordered per patient'
            when supply_class = 'fixed' then 'not reordered'
            when demand_quantity = 0 then 'no demand'
            when suggested_order_quantity > 0 then 'order now'
            else 'covered'
        end as plan_status,
        currency_code,
        cast(demand_quantity as bigint) as yearly_demand_quantity,
        cast(cast(demand_quantity as decimal(18, 4)) / {{ demand_days }} as decimal(18, 4))
            as average_daily_demand,
        lead_time_days,
        safety_days,
        cast(safety_stock_quantity as bigint) as safety_stock_quantity,
        cast(reorder_point_quantity as bigint) as reorder_point_quantity,
        cast(target_quantity as bigint) as target_quantity,
        cast(projected_stock_quantity as bigint) as projected_stock_quantity,
        cast(
            cast(projected_stock_quantity as decimal(18, 4)) * 12 / nullif(demand_quantity, 0)
            as decimal(18, 2)
        ) as months_of_cover,
        cast(suggested_order_quantity as bigint) as suggested_order_quantity,
        cast(suggested_order_quantity * unit_price_amount as decimal(18, 2))
            as suggested_order_amount,
        plan_date,
        if(suggested_order_quantity > 0, date_add('day', lead_time_days, plan_date))
            as expected_delivery_date
    from ordered
)

select * from final

with

consumption as (
    select
        site_id,
        patient_key,
        item_type,
        item_code,
        item_name,
        category,
        supply_class,
        currency_code,
        quantity,
        cost_amount,
        consumed_date
    from {{ ref('fct_logistics__consumption') }}
),

-- The name of an unlisted item comes from the rows themselves and may be spelled in several ways.
final as (
    select
        site_id,
        item_type,
        item_code,
        max(item_name) as item_name,
        category,
        supply_class,
        currency_code,
        count(distinct patient_key) as people,
        count(*) as usage_count,
        cast(sum(quantity) as bigint) as quantity,
        cast(coalesce(sum(cost_amount), 0) as decimal(18, 2)) as cost_amount,
        count_if(cost_amount is null) as unpriced_usage_count,
        cast(date_trunc('month', consumed_date) as date) as usage_month
    from consumption
    group by
        site_id,
        item_type,
        item_code,
        category,
        supply_class,
        currency_code,
        cast(date_trunc('month', consumed_date) as date)
)

select * from final

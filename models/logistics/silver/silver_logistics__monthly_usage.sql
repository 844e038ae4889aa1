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

monthly as (
    select
        *,
        cast(date_trunc('month', consumed_date) as date) as usage_month
    from consumption
),

sizes as (
    select
        site_id,
        item_type,
        item_code,
        usage_month,
        count(distinct patient_key) as people
    from monthly
    group by site_id, item_type, item_code, usage_month
),

-- Sites that used an item for too few people in a month are pooled, so that what they used still
-- counts in its total.
pooled as (
    select
        monthly.*,
        if(
            sizes.people >= {{ var('smallest_published_group') }} and sizes.site_id is not null,
            sizes.site_id,
            'other'
        ) as published_site_id
    from monthly
    inner join sizes
        on
            monthly.site_id is not distinct from sizes.site_id
            and monthly.item_type = sizes.item_type
            and monthly.item_code = sizes.item_code
            and monthly.usage_month = sizes.usage_month
),

-- The name of an unlisted item comes from the rows themselves and may be spelled in several ways.
final as (
    select
        published_site_id as site_id,
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
        usage_month
    from pooled
    group by
        published_site_id,
        item_type,
        item_code,
        category,
        supply_class,
        currency_code,
        usage_month
)

select * from final

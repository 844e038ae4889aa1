-- What is published are the whole figures of groups that are large enough, and none is missing.
with

monthly_usage as (
    select
        site_id,
        item_type,
        item_code,
        usage_month,
        quantity
    from {{ ref('silver_logistics__monthly_usage') }}
    where people >= {{ var('smallest_published_group') }}
),

published as (
    select
        site_id,
        item_type,
        item_code,
        consumption_month as usage_month,
        quantity
    from {{ ref('agg_logistics__site_consumption') }}
)

select
    monthly_usage.item_code,
    monthly_usage.quantity,
    published.quantity as published_quantity
from monthly_usage
full outer join published
    on
        monthly_usage.site_id = published.site_id
        and monthly_usage.item_type = published.item_type
        and monthly_usage.item_code = published.item_code
        and monthly_usage.usage_month = published.usage_month
where monthly_usage.quantity is distinct from published.quantity

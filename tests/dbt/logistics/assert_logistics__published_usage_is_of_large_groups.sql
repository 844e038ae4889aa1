-- A published figure is the whole figure of a group that is large enough, and none is missing.
with

monthly_usage as (
    select
        site_id,
        item_type,
        item_code,
        usage_month,
        quantity,
        people
    from {{ ref('silver_logistics__monthly_usage') }}
),

published as (
    select
        site_id,
        item_type,
        item_code,
        consumption_month as usage_month,
        quantity,
        is_suppressed
    from {{ ref('agg_logistics__site_consumption') }}
)

select
    monthly_usage.site_id,
    monthly_usage.item_code,
    monthly_usage.usage_month
from monthly_usage
full outer join published
    on
        monthly_usage.site_id is not distinct from published.site_id
        and monthly_usage.item_type = published.item_type
        and monthly_usage.item_code = published.item_code
        and monthly_usage.usage_month = published.usage_month
where
    monthly_usage.people is null
    or published.is_suppressed is distinct from (
        monthly_usage.people < {{ var('smallest_published_group') }}
    )
    or published.quantity is distinct from if(not published.is_suppressed, monthly_usage.quantity)

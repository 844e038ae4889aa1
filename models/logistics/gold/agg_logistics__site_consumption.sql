{{ config(properties=iceberg_table(sorted_by=['consumption_month', 'site_id'])) }}

with

monthly_usage as (
    select *
    from {{ ref('silver_logistics__monthly_usage') }}
),

final as (
    select
        site_id,
        item_type,
        item_code,
        item_name,
        category,
        supply_class,
        currency_code,
        usage_month as consumption_month,
        usage_count,
        quantity,
        cost_amount,
        unpriced_usage_count
    from monthly_usage
    where people >= {{ var('smallest_published_group') }}
)

select * from final

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
        {{ small_cell('usage_count', 'people') }} as usage_count,
        {{ small_cell('quantity', 'people') }} as quantity,
        {{ small_cell('cost_amount', 'people') }} as cost_amount,
        {{ small_cell('unpriced_usage_count', 'people') }} as unpriced_usage_count,
        people < {{ var('smallest_published_group') }} as is_suppressed
    from monthly_usage
)

select * from final

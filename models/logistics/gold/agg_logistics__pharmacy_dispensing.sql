{{ config(properties=iceberg_table(sorted_by=['dispensing_month', 'site_id'])) }}

with

monthly_usage as (
    select
        site_id,
        item_code,
        item_name,
        quantity,
        people,
        usage_month
    from {{ ref('silver_logistics__monthly_usage') }}
    where item_type = 'drug'
),

final as (
    select
        site_id,
        item_code,
        item_name,
        usage_month as dispensing_month,
        quantity as dispense_count,
        people as patient_count
    from monthly_usage
    where people >= {{ var('smallest_published_group') }}
)

select * from final

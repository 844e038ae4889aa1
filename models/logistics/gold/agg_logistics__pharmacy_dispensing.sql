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
        {{ small_cell('quantity', 'people') }} as dispense_count,
        {{ small_cell('people', 'people') }} as patient_count,
        people < {{ var('smallest_published_group') }} as is_suppressed
    from monthly_usage
)

select * from final

{{ config(properties=iceberg_table(sorted_by=['dispensing_month', 'site_id'])) }}

with

dispenses as (
    select
        site_id,
        item_code,
        item_name,
        patient_key,
        quantity,
        cast(date_trunc('month', consumed_date) as date) as dispensing_month
    from {{ ref('fct_logistics__consumption') }}
    where item_type = 'drug'
),

counted as (
    select
        site_id,
        item_code,
        dispensing_month,
        max(item_name) as item_name,
        sum(quantity) as dispense_count,
        count(distinct patient_key) as people
    from dispenses
    group by site_id, item_code, dispensing_month
),

final as (
    select
        site_id,
        item_code,
        item_name,
        dispensing_month,
        cast(dispense_count as bigint) as dispense_count,
        {{ small_cell('people', 'people') }} as patient_count,
        people < {{ var('smallest_published_group') }} as is_suppressed
    from counted
)

select * from final

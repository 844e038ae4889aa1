{{ config(properties=iceberg_table(sorted_by=['performance_month', 'site_id'])) }}

with

site_months as (
    select *
    from {{ ref('silver_analytics__site_months') }}
),

sites as (
    select
        site_id,
        site_name,
        state
    from {{ ref('dim_logistics__sites') }}
),

final as (
    select
        site_months.site_id,
        if(
            site_months.site_id = 'other',
            'Sites with too few patients in the month to be published',
            sites.site_name
        ) as site_name,
        sites.state,
        site_months.performance_month,
        'USD' as currency_code,
        site_months.people as patient_count,
        site_months.encounter_count,
        site_months.average_duration_minutes,
        site_months.charge_amount,
        site_months.collected_amount,
        site_months.outstanding_amount,
        {{ small_cell('site_months.consumed_quantity', 'site_months.consuming_people') }}
            as consumed_quantity,
        {{ small_cell('site_months.consumption_cost_amount', 'site_months.consuming_people') }}
            as consumption_cost_amount
    from site_months
    left join sites on site_months.site_id = sites.site_id
    where site_months.people >= {{ var('smallest_published_group') }}
)

select * from final

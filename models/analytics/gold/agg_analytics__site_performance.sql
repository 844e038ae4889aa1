{{ config(properties=iceberg_table(sorted_by=['performance_month', 'site_id'])) }}

with

site_months as (
    select *
    from {{ ref('silver_analytics__site_months') }}
),

-- Whoever takes the months of a year off its total in cost of care has what is left out here. So
-- in a year of which anything is left out, the smallest of the large groups goes with it.
guarded as (
    select
        *,
        min(if(encounter_count > 0 or charge_amount <> 0, people))
            over (partition by year(performance_month)) as smallest_people,
        row_number() over (
            partition by
                year(performance_month),
                people >= {{ var('smallest_published_group') }}
            order by people, performance_month, site_id
        ) as place
    from site_months
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
        guarded.site_id,
        if(
            guarded.site_id = 'other',
            'Sites with too few patients in the month to be published',
            sites.site_name
        ) as site_name,
        sites.state,
        guarded.performance_month,
        'USD' as currency_code,
        guarded.people as patient_count,
        guarded.encounter_count,
        guarded.average_duration_minutes,
        guarded.charge_amount,
        guarded.collected_amount,
        guarded.outstanding_amount,
        {{ small_cell('guarded.consumed_quantity', 'guarded.consuming_people') }}
            as consumed_quantity,
        {{ small_cell('guarded.consumption_cost_amount', 'guarded.consuming_people') }}
            as consumption_cost_amount
    from guarded
    left join sites on guarded.site_id = sites.site_id
    where
        guarded.people >= {{ var('smallest_published_group') }}
        and (
            coalesce(guarded.smallest_people >= {{ var('smallest_published_group') }}, true)
            or guarded.place > 1
        )
)

select * from final

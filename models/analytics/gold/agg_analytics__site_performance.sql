{{ config(properties=iceberg_table(sorted_by=['performance_month', 'site_id'])) }}

with

encounter_costs as (
    select
        site_id,
        patient_key,
        duration_minutes,
        charge_amount,
        payment_amount,
        outstanding_amount,
        is_known_encounter,
        started_at
    from {{ ref('silver_analytics__encounter_costs') }}
),

site_consumption as (
    select
        site_id,
        quantity,
        cost_amount,
        consumption_month
    from {{ ref('agg_logistics__site_consumption') }}
),

sites as (
    select
        site_id,
        site_name,
        state
    from {{ ref('dim_logistics__sites') }}
),

-- A site may use supplies in a month without encounters, and the other way round.
events as (
    select
        site_id,
        patient_key,
        if(is_known_encounter, 1, 0) as encounter_count,
        duration_minutes,
        charge_amount,
        payment_amount,
        outstanding_amount,
        bigint '0' as consumed_quantity,
        cast(0 as decimal(18, 2)) as consumption_cost_amount,
        cast(date_trunc('month', started_at) as date) as performance_month
    from encounter_costs
    union all
    select
        site_id,
        null as patient_key,
        0 as encounter_count,
        null as duration_minutes,
        0 as charge_amount,
        0 as payment_amount,
        0 as outstanding_amount,
        quantity as consumed_quantity,
        cost_amount as consumption_cost_amount,
        consumption_month as performance_month
    from site_consumption
),

summed as (
    select
        site_id,
        performance_month,
        count(distinct patient_key) as people,
        sum(encounter_count) as encounter_count,
        avg(cast(duration_minutes as double)) as average_duration_minutes,
        sum(charge_amount) as charge_amount,
        sum(payment_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount,
        sum(consumed_quantity) as consumed_quantity,
        sum(consumption_cost_amount) as consumption_cost_amount
    from events
    group by site_id, performance_month
),

final as (
    select
        summed.site_id,
        sites.site_name,
        sites.state,
        summed.performance_month,
        'USD' as currency_code,
        cast(summed.encounter_count as bigint) as encounter_count,
        {{ small_cell('summed.people', 'summed.people') }} as patient_count,
        cast(summed.average_duration_minutes as decimal(18, 1)) as average_duration_minutes,
        cast(summed.charge_amount as decimal(18, 2)) as charge_amount,
        cast(summed.collected_amount as decimal(18, 2)) as collected_amount,
        cast(summed.outstanding_amount as decimal(18, 2)) as outstanding_amount,
        cast(summed.consumed_quantity as bigint) as consumed_quantity,
        cast(summed.consumption_cost_amount as decimal(18, 2)) as consumption_cost_amount,
        summed.people < {{ var('smallest_published_group') }} as is_suppressed
    from summed
    left join sites on summed.site_id = sites.site_id
)

select * from final

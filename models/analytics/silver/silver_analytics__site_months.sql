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

consumption as (
    select
        site_id,
        patient_key,
        quantity,
        cost_amount,
        consumed_date
    from {{ ref('fct_logistics__consumption') }}
),

crosswalk as (
    select
        logistics_patient_key,
        analytics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

-- A site may use supplies in a month without encounters, and the other way round.
events as (
    select
        site_id,
        patient_key,
        true as is_care,
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
        consumption.site_id,
        crosswalk.analytics_patient_key as patient_key,
        false as is_care,
        0 as encounter_count,
        null as duration_minutes,
        0 as charge_amount,
        0 as payment_amount,
        0 as outstanding_amount,
        consumption.quantity as consumed_quantity,
        coalesce(consumption.cost_amount, 0) as consumption_cost_amount,
        cast(date_trunc('month', consumption.consumed_date) as date) as performance_month
    from consumption
    left join crosswalk on consumption.patient_key = crosswalk.logistics_patient_key
),

sizes as (
    select
        site_id,
        performance_month,
        count(distinct if(is_care, patient_key)) as people
    from events
    group by site_id, performance_month
),

-- Sites with too few people in a month are pooled, so that what they did still counts in its total.
pooled as (
    select
        events.*,
        if(
            sizes.people >= {{ var('smallest_published_group') }} and sizes.site_id is not null,
            sizes.site_id,
            'other'
        ) as published_site_id
    from events
    inner join sizes
        on
            events.site_id is not distinct from sizes.site_id
            and events.performance_month = sizes.performance_month
),

final as (
    select
        published_site_id as site_id,
        count(distinct if(is_care, patient_key)) as people,
        count(distinct if(not is_care, patient_key)) as consuming_people,
        cast(sum(encounter_count) as bigint) as encounter_count,
        cast(avg(cast(duration_minutes as double)) as decimal(18, 1)) as average_duration_minutes,
        cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
        cast(sum(payment_amount) as decimal(18, 2)) as collected_amount,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
        cast(sum(consumed_quantity) as bigint) as consumed_quantity,
        cast(sum(consumption_cost_amount) as decimal(18, 2)) as consumption_cost_amount,
        performance_month
    from pooled
    group by published_site_id, performance_month
)

select * from final

with

encounter_costs as (
    select
        patient_key,
        condition_code,
        condition_description,
        charge_amount,
        payer_payment_amount,
        patient_payment_amount,
        outstanding_amount,
        is_known_encounter,
        started_at
    from {{ ref('silver_analytics__encounter_costs') }}
),

yearly as (
    select
        *,
        {{ year_of('started_at') }} as care_year
    from encounter_costs
),

grouped as (
    select
        condition_code,
        care_year,
        count(distinct patient_key) as people
    from yearly
    group by condition_code, care_year
),

-- Conditions of too few people are pooled, so that their cost still counts in the year's total.
pooled as (
    select
        yearly.*,
        if(
            grouped.people >= {{ var('smallest_published_group') }},
            yearly.condition_code,
            'other'
        ) as published_condition_code
    from yearly
    inner join grouped
        on
            yearly.condition_code = grouped.condition_code
            and yearly.care_year = grouped.care_year
),

final as (
    select
        published_condition_code as condition_code,
        if(published_condition_code <> 'other', max(condition_description))
            as condition_description,
        care_year,
        count(distinct patient_key) as people,
        count_if(is_known_encounter) as encounter_count,
        sum(charge_amount) as charge_amount,
        sum(payer_payment_amount) as payer_payment_amount,
        sum(patient_payment_amount) as patient_payment_amount,
        sum(outstanding_amount) as outstanding_amount
    from pooled
    group by published_condition_code, care_year
)

select * from final

with

encounters as (
    select
        provider_id,
        organization_id,
        patient_key,
        attended_minutes,
        cast(started_at as date) as encounter_date,
        hour(started_at) as start_hour,
        _loaded_at
    from {{ ref('fct_medical__encounters') }}
),

final as (
    select
        provider_id,
        organization_id,
        count(*) as encounter_count,
        count(distinct patient_key) as patient_count,
        count(distinct encounter_date) as working_day_count,
        sum(attended_minutes) / 60.0e0 as attended_hours,
        day_of_week(encounter_date) as weekday_number,
        min(start_hour) as earliest_start_hour,
        max(start_hour) as latest_start_hour,
        date_trunc('month', encounter_date) as month_date,
        max(_loaded_at) as _loaded_at
    from encounters
    group by
        provider_id,
        organization_id,
        day_of_week(encounter_date),
        date_trunc('month', encounter_date)
)

select * from final

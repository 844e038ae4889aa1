with

coverage_periods as (
    select
        coverage_period_key,
        started_at,
        ended_at,
        lead(started_at) over (
            partition by patient_key
            order by started_at
        ) as next_started_at
    from {{ ref('silver_fintech__coverage_periods') }}
)

select coverage_period_key
from coverage_periods
where ended_at <= started_at or next_started_at < ended_at

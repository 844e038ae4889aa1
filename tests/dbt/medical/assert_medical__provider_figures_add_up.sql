-- Load and schedule count the same encounters and minutes as the encounters themselves.
with

encounters as (
    select
        provider_id,
        count(*) as encounter_count,
        sum(attended_minutes) as attended_minutes
    from {{ ref('fct_medical__encounters') }}
    group by provider_id
),

loads as (
    select
        provider_id,
        sum(encounter_count) as encounter_count,
        cast(round(sum(attended_hours) * 60) as bigint) as attended_minutes
    from {{ ref('agg_medical__provider_load') }}
    group by provider_id
),

schedules as (
    select
        provider_id,
        sum(encounter_count) as encounter_count,
        cast(round(sum(attended_hours) * 60) as bigint) as attended_minutes
    from {{ ref('agg_medical__provider_schedule') }}
    group by provider_id
)

select
    encounters.provider_id,
    encounters.encounter_count,
    loads.encounter_count as load_encounter_count,
    schedules.encounter_count as schedule_encounter_count
from encounters
full outer join loads on encounters.provider_id = loads.provider_id
full outer join schedules on encounters.provider_id = schedules.provider_id
where
    encounters.encounter_count is distinct from loads.encounter_count
    or encounters.encounter_count is distinct from schedules.encounter_count
    or encounters.attended_minutes is distinct from loads.attended_minutes
    or encounters.attended_minutes is distinct from schedules.attended_minutes

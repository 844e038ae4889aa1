with

providers as (
    select
        provider_id,
        organization_id,
        specialty,
        _loaded_at
    from {{ ref('silver_medical__providers') }}
),

encounters as (
    select
        provider_id,
        patient_key,
        attended_minutes,
        cast(started_at as date) as encounter_date,
        date_diff('day', cast(started_at as date), {{ as_of_date() }}) as days_ago,
        _loaded_at
    from {{ ref('fct_medical__encounters') }}
    where cast(started_at as date) <= {{ as_of_date() }}
),

loads as (
    select
        provider_id,
        count(*) as encounter_count,
        count(distinct patient_key) as patient_count,
        count_if(days_ago < 365) as recent_encounter_count,
        count(distinct if(days_ago < 365, patient_key)) as recent_patient_count,
        sum(attended_minutes) / 60.0e0 as attended_hours,
        min(encounter_date) as first_encounter_date,
        max(encounter_date) as last_encounter_date,
        max(_loaded_at) as _loaded_at
    from encounters
    group by provider_id
),

final as (
    select
        providers.provider_id,
        providers.organization_id,
        providers.specialty,
        coalesce(loads.encounter_count, 0) as encounter_count,
        coalesce(loads.patient_count, 0) as patient_count,
        coalesce(loads.recent_encounter_count, 0) as recent_encounter_count,
        coalesce(loads.recent_patient_count, 0) as recent_patient_count,
        coalesce(loads.attended_hours, 0e0) as attended_hours,
        loads.first_encounter_date,
        loads.last_encounter_date,
        greatest(
            providers._loaded_at,
            coalesce(loads._loaded_at, providers._loaded_at)
        ) as _loaded_at
    from providers
    left join loads
        on providers.provider_id = loads.provider_id
)

select * from final

{{ config(properties=iceberg_table(sorted_by=['started_at'])) }}

with

encounters as (
    select
        encounter_id,
        patient_key,
        organization_id,
        provider_id,
        encounter_class,
        encounter_code,
        encounter_description,
        reason_code,
        reason_description,
        started_at,
        stopped_at,
        _loaded_at
    from {{ ref('silver_medical__encounters') }}
),

-- Stays may overlap, so the end that counts is the latest of all earlier ones.
inpatient_stays as (
    select
        encounter_id,
        started_at,
        max(stopped_at) over (
            partition by patient_key
            order by started_at, encounter_id
            rows between unbounded preceding and 1 preceding
        ) as previous_discharge_at
    from encounters
    where encounter_class = 'inpatient'
),

-- In a stay and in home care the clock of the encounter runs without the provider being there.
final as (
    select
        encounters.encounter_id,
        encounters.patient_key,
        encounters.organization_id,
        encounters.provider_id,
        encounters.encounter_class,
        encounters.encounter_code,
        encounters.encounter_description,
        encounters.reason_code,
        encounters.reason_description,
        date_diff('minute', encounters.started_at, encounters.stopped_at) as duration_minutes,
        if(
            encounters.encounter_class in ('inpatient', 'hospice', 'snf', 'home'),
            0,
            coalesce(date_diff('minute', encounters.started_at, encounters.stopped_at), 0)
        ) as attended_minutes,
        coalesce(
            inpatient_stays.started_at <= inpatient_stays.previous_discharge_at + interval '30' day,
            false
        ) as is_readmission,
        encounters.started_at,
        encounters.stopped_at,
        encounters._loaded_at
    from encounters
    left join inpatient_stays
        on encounters.encounter_id = inpatient_stays.encounter_id
)

select * from final

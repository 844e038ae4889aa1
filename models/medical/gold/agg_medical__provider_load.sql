with

encounters as (
    select
        encounter_id,
        provider_id,
        patient_key,
        encounter_class,
        attended_minutes,
        started_at,
        _loaded_at
    from {{ ref('fct_medical__encounters') }}
),

numbered as (
    select
        provider_id,
        patient_key,
        encounter_class,
        attended_minutes,
        date_trunc('month', cast(started_at as date)) as month_date,
        row_number() over (
            partition by provider_id, patient_key
            order by started_at, encounter_id
        ) as visit_number,
        _loaded_at
    from encounters
),

final as (
    select
        provider_id,
        count(*) as encounter_count,
        count(distinct patient_key) as patient_count,
        count_if(visit_number = 1) as new_patient_count,
        count_if(encounter_class in ('emergency', 'urgentcare')) as urgent_encounter_count,
        count_if(encounter_class = 'inpatient') as inpatient_stay_count,
        sum(attended_minutes) / 60.0e0 as attended_hours,
        month_date,
        max(_loaded_at) as _loaded_at
    from numbered
    group by provider_id, month_date
)

select * from final

with

care_plans as (
    select
        care_plan_id,
        patient_key,
        encounter_id,
        care_plan_code,
        care_plan_description,
        reason_code,
        reason_description,
        start_date,
        stop_date,
        _loaded_at
    from {{ ref('silver_medical__care_plans') }}
),

final as (
    select
        care_plan_id,
        patient_key,
        encounter_id,
        care_plan_code,
        care_plan_description,
        reason_code,
        reason_description,
        date_diff('day', start_date, stop_date) as duration_days,
        start_date <= {{ as_of_date() }}
        and coalesce(stop_date > {{ as_of_date() }}, true) as is_active,
        start_date,
        stop_date,
        _loaded_at
    from care_plans
)

select * from final

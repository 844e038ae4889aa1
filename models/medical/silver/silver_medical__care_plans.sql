with

care_plans as (
    select
        patient_id,
        care_plan_id,
        encounter_id,
        care_plan_code,
        care_plan_description,
        reason_code,
        reason_description,
        start_date,
        stop_date,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_careplans') }}
    where cardinality(_rejection_reasons) = 0
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

pseudonymised as (
    select
        keys.patient_key,
        care_plans.care_plan_id,
        care_plans.encounter_id,
        care_plans.care_plan_code,
        care_plans.care_plan_description,
        care_plans.reason_code,
        care_plans.reason_description,
        care_plans.start_date,
        care_plans.stop_date,
        care_plans._batch_id,
        care_plans._row_number,
        care_plans._loaded_at as _landed_at,
        greatest(care_plans._loaded_at, keys._loaded_at) as _loaded_at
    from care_plans
    inner join keys on care_plans.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['care_plan_id']) }} as _version
    from pseudonymised
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
        start_date,
        stop_date,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

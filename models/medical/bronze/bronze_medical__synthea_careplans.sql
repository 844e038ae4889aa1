with

source as (
    select * from {{ source('medical_landing', 'synthea_careplans') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as care_plan_id,
        patient as patient_id,
        encounter as encounter_id,
        code as care_plan_code,
        description as care_plan_description,
        reasoncode as reason_code,
        reasondescription as reason_description,
        {{ as_date('start') }} as start_date,
        {{ as_date('stop') }} as stop_date,
        {{ rejection_reasons(
            required=['id', 'start', 'patient', 'encounter', 'code'],
            dates=['start', 'stop'],
            rules={
                'stop is before start': as_date('stop') ~ ' < ' ~ as_date('start'),
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

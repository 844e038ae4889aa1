with

source as (
    select * from {{ source('medical_landing', 'synthea_conditions') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        system as code_system,
        code as condition_code,
        description as condition_description,
        {{ as_date('start') }} as onset_date,
        {{ as_date('stop') }} as resolved_date,
        {{ rejection_reasons(
            required=['start', 'patient', 'encounter', 'code'],
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

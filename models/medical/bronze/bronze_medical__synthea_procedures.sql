with

source as (
    select * from {{ source('medical_landing', 'synthea_procedures') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        system as code_system,
        code as procedure_code,
        description as procedure_description,
        reasoncode as reason_code,
        reasondescription as reason_description,
        try_cast(base_cost as decimal(18, 2)) as base_amount,
        {{ as_timestamp('start') }} as started_at,
        {{ as_timestamp('stop') }} as stopped_at,
        {{ rejection_reasons(
            required=['start', 'patient', 'encounter', 'code'],
            timestamps=['start', 'stop'],
            decimals=['base_cost'],
            rules={
                'stop is before start': as_timestamp('stop') ~ ' < ' ~ as_timestamp('start'),
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

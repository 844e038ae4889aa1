with

source as (
    select * from {{ source('logistics_landing', 'synthea_devices') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        code as item_code,
        description as item_name,
        udi as unique_device_identifier,
        {{ as_timestamp('"start"') }} as started_at,
        {{ as_timestamp('"stop"') }} as stopped_at,
        {{ rejection_reasons(
            required=['"start"', 'patient', 'encounter', 'code'],
            timestamps=['"start"', '"stop"'],
            rules={
                'stop is before start': as_timestamp('"stop"') ~ ' < ' ~ as_timestamp('"start"'),
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

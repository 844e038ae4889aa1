with

source as (
    select * from {{ source('medical_landing', 'synthea_observations') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        category as observation_category,
        code as observation_code,
        description as observation_description,
        value as observed_value,
        units,
        type as value_type,
        {{ as_timestamp('date') }} as observed_at,
        {{ rejection_reasons(
            required=['date', 'patient', 'code', 'value', 'type'],
            timestamps=['date'],
            rules={
                'type is neither numeric nor text': "type not in ('numeric', 'text')",
                'value is not a finite number':
                    "type = 'numeric'"
                    ~ " and value is not null and not coalesce(is_finite(try_cast(value as double)), false)",
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

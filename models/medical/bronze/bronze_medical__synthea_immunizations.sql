with

source as (
    select * from {{ source('medical_landing', 'synthea_immunizations') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        lpad(code, greatest(length(code), 2), '0') as vaccine_code,
        description as vaccine_description,
        try_cast(base_cost as decimal(18, 2)) as base_amount,
        {{ as_timestamp('date') }} as administered_at,
        {{ rejection_reasons(
            required=['date', 'patient', 'encounter', 'code'],
            timestamps=['date'],
            decimals=['base_cost'],
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

with

source as (
    select * from {{ source('logistics_landing', 'synthea_supplies') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        code as item_code,
        description as item_name,
        try_cast(quantity as bigint) as quantity,
        {{ as_date('"date"') }} as supplied_date,
        {{ rejection_reasons(
            required=['"date"', 'patient', 'encounter', 'code', 'quantity'],
            dates=['"date"'],
            integers=['quantity'],
            rules={'quantity is negative': 'try_cast(quantity as bigint) < 0'},
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

with

source as (
    select * from {{ source('medical_landing', 'synthea_medications') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        payer as payer_id,
        encounter as encounter_id,
        code as drug_code,
        description as drug_description,
        reasoncode as reason_code,
        reasondescription as reason_description,
        try_cast(base_cost as decimal(18, 2)) as base_amount,
        try_cast(payer_coverage as decimal(18, 2)) as payer_covered_amount,
        try_cast(dispenses as bigint) as dispense_count,
        try_cast(totalcost as decimal(18, 2)) as total_amount,
        {{ as_timestamp('start') }} as started_at,
        {{ as_timestamp('stop') }} as stopped_at,
        {{ rejection_reasons(
            required=['start', 'patient', 'encounter', 'code', 'dispenses'],
            timestamps=['start', 'stop'],
            decimals=['base_cost', 'payer_coverage', 'totalcost'],
            integers=['dispenses'],
            rules={
                'stop is before start': as_timestamp('stop') ~ ' < ' ~ as_timestamp('start'),
                'dispenses is negative': 'try_cast(dispenses as bigint) < 0',
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

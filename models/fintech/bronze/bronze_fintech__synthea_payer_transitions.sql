with

source as (
    select * from {{ source('fintech_landing', 'synthea_payer_transitions') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        memberid as member_number,
        payer as payer_id,
        secondary_payer as secondary_payer_id,
        plan_ownership as plan_holder,
        owner_name as plan_holder_name,
        {{ as_timestamp('start_date') }} as started_at,
        {{ as_timestamp('end_date') }} as ended_at,
        {{ rejection_reasons(
            required=['patient', 'start_date', 'end_date', 'payer'],
            timestamps=['start_date', 'end_date'],
            rules={
                'end_date is not after start_date':
                    as_timestamp('end_date') ~ ' <= ' ~ as_timestamp('start_date'),
                'plan_ownership is not known': "plan_ownership not in ('Self', 'Guardian', 'Spouse')",
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

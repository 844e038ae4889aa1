with

source as (
    select * from {{ source('fintech_landing', 'synthea_payers') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as payer_id,
        name as payer_name,
        ownership,
        address as street_address,
        city,
        state_headquartered as state,
        zip as zip_code,
        phone as phone_number,
        try_cast(amount_covered as decimal(18, 2)) as covered_amount,
        try_cast(amount_uncovered as decimal(18, 2)) as uncovered_amount,
        try_cast(revenue as decimal(18, 2)) as revenue_amount,
        try_cast(covered_encounters as bigint) as covered_encounter_count,
        try_cast(uncovered_encounters as bigint) as uncovered_encounter_count,
        try_cast(covered_medications as bigint) as covered_medication_count,
        try_cast(uncovered_medications as bigint) as uncovered_medication_count,
        try_cast(covered_procedures as bigint) as covered_procedure_count,
        try_cast(uncovered_procedures as bigint) as uncovered_procedure_count,
        try_cast(covered_immunizations as bigint) as covered_immunization_count,
        try_cast(uncovered_immunizations as bigint) as uncovered_immunization_count,
        try_cast(unique_customers as bigint) as member_count,
        try_cast(member_months as bigint) as member_month_count,
        try_cast(qols_avg as double) as average_quality_of_life_score,
        {{ rejection_reasons(
            required=['id', 'name', 'ownership'],
            decimals=['amount_covered', 'amount_uncovered', 'revenue'],
            integers=[
                'covered_encounters', 'uncovered_encounters', 'covered_medications',
                'uncovered_medications', 'covered_procedures', 'uncovered_procedures',
                'covered_immunizations', 'uncovered_immunizations', 'unique_customers',
                'member_months',
            ],
            rules={
                'ownership is not known': "ownership not in ('GOVERNMENT', 'PRIVATE', 'NO_INSURANCE')",
                'qols_avg is not a valid number':
                    'qols_avg is not null and try_cast(qols_avg as double) is null',
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

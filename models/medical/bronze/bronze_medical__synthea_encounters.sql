{%- set classes = [
    'ambulatory', 'emergency', 'home', 'hospice', 'inpatient', 'outpatient', 'snf', 'urgentcare',
    'virtual', 'wellness',
] -%}

with

source as (
    select * from {{ source('medical_landing', 'synthea_encounters') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as encounter_id,
        patient as patient_id,
        organization as organization_id,
        provider as provider_id,
        payer as payer_id,
        encounterclass as encounter_class,
        code as encounter_code,
        description as encounter_description,
        reasoncode as reason_code,
        reasondescription as reason_description,
        try_cast(base_encounter_cost as decimal(18, 2)) as base_encounter_amount,
        try_cast(total_claim_cost as decimal(18, 2)) as total_claim_amount,
        try_cast(payer_coverage as decimal(18, 2)) as payer_covered_amount,
        {{ as_timestamp('start') }} as started_at,
        {{ as_timestamp('stop') }} as stopped_at,
        {{ rejection_reasons(
            required=['id', 'start', 'patient', 'organization', 'provider', 'encounterclass'],
            timestamps=['start', 'stop'],
            decimals=['base_encounter_cost', 'total_claim_cost', 'payer_coverage'],
            rules={
                'stop is before start': as_timestamp('stop') ~ ' < ' ~ as_timestamp('start'),
                'encounterclass is not a known class': "encounterclass not in ('" ~ classes | join("', '") ~ "')",
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

with

source as (
    select * from {{ source('medical_landing', 'synthea_allergies') }}
    {{ new_batches_only() }}
),

final as (
    select
        patient as patient_id,
        encounter as encounter_id,
        code as allergen_code,
        system as code_system,
        description as allergen_description,
        type as allergy_type,
        category as allergy_category,
        reaction1 as first_reaction_code,
        description1 as first_reaction_description,
        severity1 as first_reaction_severity,
        reaction2 as second_reaction_code,
        description2 as second_reaction_description,
        severity2 as second_reaction_severity,
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

with

source as (
    select * from {{ source('medical_landing', 'synthea_imaging_studies') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as imaging_study_id,
        patient as patient_id,
        encounter as encounter_id,
        series_uid,
        instance_uid,
        bodysite_code as body_site_code,
        bodysite_description as body_site_description,
        modality_code,
        modality_description,
        sop_code as sop_class_code,
        sop_description as sop_class_description,
        procedure_code,
        {{ as_timestamp('date') }} as started_at,
        {{ rejection_reasons(
            required=['id', 'date', 'patient', 'encounter', 'instance_uid', 'modality_code', 'bodysite_code'],
            timestamps=['date'],
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

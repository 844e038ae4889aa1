with

images as (
    select
        patient_id,
        imaging_study_id,
        encounter_id,
        series_uid,
        instance_uid,
        body_site_code,
        body_site_description,
        modality_code,
        modality_description,
        sop_class_code,
        sop_class_description,
        procedure_code,
        started_at,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_imaging_studies') }}
    where cardinality(_rejection_reasons) = 0
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

pseudonymised as (
    select
        keys.patient_key,
        images.imaging_study_id,
        images.encounter_id,
        images.series_uid,
        images.instance_uid,
        images.body_site_code,
        images.body_site_description,
        images.modality_code,
        images.modality_description,
        images.sop_class_code,
        images.sop_class_description,
        images.procedure_code,
        images.started_at,
        images._batch_id,
        images._row_number,
        images._loaded_at as _landed_at,
        greatest(images._loaded_at, keys._loaded_at) as _loaded_at
    from images
    inner join keys on images.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['instance_uid']) }} as _version
    from pseudonymised
),

final as (
    select
        instance_uid,
        patient_key,
        imaging_study_id,
        encounter_id,
        series_uid,
        body_site_code,
        body_site_description,
        modality_code,
        modality_description,
        sop_class_code,
        sop_class_description,
        procedure_code,
        started_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

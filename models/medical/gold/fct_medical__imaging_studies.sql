with

images as (
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
        procedure_code,
        started_at,
        _loaded_at
    from {{ ref('silver_medical__imaging_instances') }}
),

-- The names of a code differ between images; any of them will do. The DICOM identifiers point at
-- the images of one person, so they are counted and not published.
final as (
    select
        imaging_study_id,
        patient_key,
        encounter_id,
        procedure_code,
        modality_code,
        max(modality_description) as modality_description,
        body_site_code,
        max(body_site_description) as body_site_description,
        count(distinct series_uid) as series_count,
        count(*) as image_count,
        min(started_at) as started_at,
        max(_loaded_at) as _loaded_at
    from images
    group by
        imaging_study_id,
        patient_key,
        encounter_id,
        procedure_code,
        modality_code,
        body_site_code
)

select * from final

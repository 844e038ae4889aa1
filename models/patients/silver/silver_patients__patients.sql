with

patients as (
    select *
    from {{ ref('bronze_patients__synthea_patients') }}
    where cardinality(_rejection_reasons) = 0
),

keys as (
    select
        patient_id,
        patient_key
    from {{ ref('identity_patients__keys') }}
    where domain = 'patients'
),

versions as (
    select
        *,
        row_number() over (
            partition by patient_id
            order by _loaded_at desc, _row_number desc
        ) as _version
    from patients
),

final as (
    select
        keys.patient_key,
        versions.patient_id,
        versions.social_security_number,
        versions.driving_licence_number,
        versions.passport_number,
        versions.name_prefix,
        versions.first_name,
        versions.middle_name,
        versions.last_name,
        versions.name_suffix,
        versions.maiden_name,
        versions.marital_status,
        versions.race,
        versions.ethnicity,
        versions.gender,
        versions.birth_place,
        versions.street_address,
        versions.city,
        versions.state,
        versions.county,
        versions.county_fips,
        versions.zip_code,
        versions.latitude,
        versions.longitude,
        versions.birth_date,
        versions.death_date,
        versions._batch_id,
        versions._loaded_at
    from versions
    inner join keys on versions.patient_id = keys.patient_id
    where versions._version = 1
)

select * from final

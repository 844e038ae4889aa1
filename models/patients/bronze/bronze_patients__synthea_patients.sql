with

source as (
    select * from {{ source('patients_landing', 'synthea_patients') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as patient_id,
        ssn as social_security_number,
        drivers as driving_licence_number,
        passport as passport_number,
        prefix as name_prefix,
        "first" as first_name,
        middle as middle_name,
        "last" as last_name,
        suffix as name_suffix,
        maiden as maiden_name,
        marital as marital_status,
        race,
        ethnicity,
        gender,
        birthplace as birth_place,
        address as street_address,
        city,
        state,
        county,
        fips as county_fips,
        zip as zip_code,
        try_cast(lat as double) as latitude,
        try_cast(lon as double) as longitude,
        {{ as_date('birthdate') }} as birth_date,
        {{ as_date('deathdate') }} as death_date,
        {{ rejection_reasons(
            required=['id', 'birthdate'],
            dates=['birthdate', 'deathdate'],
            rules={
                'deathdate is before birthdate': as_date('deathdate') ~ ' < ' ~ as_date('birthdate'),
                'birthdate is after the landing': as_date('birthdate') ~ " > cast(_loaded_at as date) + interval '1' day",
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

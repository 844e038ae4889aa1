with

source as (
    select * from {{ source('medical_landing', 'synthea_providers') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as provider_id,
        organization as organization_id,
        name as provider_name,
        gender,
        speciality as specialty,
        address as street_address,
        city,
        state,
        zip as zip_code,
        try_cast(lat as double) as latitude,
        try_cast(lon as double) as longitude,
        try_cast(encounters as bigint) as reported_encounter_count,
        try_cast(procedures as bigint) as reported_procedure_count,
        {{ rejection_reasons(
            required=['id', 'organization'],
            integers=['encounters', 'procedures'],
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

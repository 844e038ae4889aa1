with

source as (
    select * from {{ source('logistics_landing', 'synthea_organizations') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as site_id,
        name as site_name,
        address as street_address,
        city,
        state,
        zip as zip_code,
        phone as phone_numbers,
        try_cast(utilization as bigint) as reported_encounter_count,
        try_cast(revenue as decimal(18, 2)) as reported_revenue_amount,
        try_cast(lat as double) as latitude,
        try_cast(lon as double) as longitude,
        {{ rejection_reasons(
            required=['id', 'name'],
            decimals=['revenue'],
            integers=['utilization'],
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

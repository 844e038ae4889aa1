with

organizations as (
    select
        site_id,
        site_name,
        street_address,
        city,
        state,
        zip_code,
        latitude,
        longitude,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_logistics__synthea_organizations') }}
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        row_number() over (
            partition by site_id
            order by _loaded_at desc, _row_number desc
        ) as _version
    from organizations
),

final as (
    select
        site_id,
        site_name,
        street_address,
        city,
        state,
        zip_code,
        latitude,
        longitude,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

with

providers as (
    select
        provider_id,
        organization_id,
        specialty,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_providers') }}
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        row_number() over (
            partition by provider_id
            order by _loaded_at desc, _row_number desc
        ) as _version
    from providers
),

final as (
    select
        provider_id,
        organization_id,
        specialty,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

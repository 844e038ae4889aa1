with

sites as (
    select
        site_id,
        site_name,
        city,
        state,
        zip_code,
        _loaded_at
    from {{ ref('silver_logistics__sites') }}
),

final as (
    select
        site_id,
        site_name,
        city,
        state,
        {{ zip3('zip_code') }} as zip3_area,
        _loaded_at
    from sites
)

select * from final

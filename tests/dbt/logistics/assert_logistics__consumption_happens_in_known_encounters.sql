-- The medical domain may hold a few encounters in quarantine. Beyond the threshold of a quarantine
-- the two domains do not belong to the same delivery.
with

encounters as (
    select
        encounter_id,
        max(site_id) as site_id
    from {{ ref('fct_logistics__consumption') }}
    group by encounter_id
),

counted as (
    select
        count_if(site_id is null) as unknown_encounters,
        count(*) as all_encounters
    from encounters
)

select
    unknown_encounters,
    all_encounters
from counted
where
    unknown_encounters > {{ var('quarantine_max_rows') }}
    and unknown_encounters > {{ var('quarantine_max_share') }} * all_encounters

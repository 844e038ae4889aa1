-- The medical domain may hold a few encounters in quarantine. Beyond the threshold of a quarantine
-- claims and care do not belong to the same delivery.
with

counted as (
    select
        count_if(not is_known_encounter) as unknown_encounters,
        count(*) as all_encounters
    from {{ ref('silver_analytics__encounter_costs') }}
)

select * from counted
where
    unknown_encounters > {{ var('quarantine_max_rows') }}
    and unknown_encounters > {{ var('quarantine_max_share') }} * all_encounters

-- A few slips of the pen are the clinic's to correct; many point at a unit that changed or a column
-- that moved, and stop the build.
with

measured as (
    select
        vital_signs.vital_sign,
        observations.units is not distinct from vital_signs.units as has_expected_units,
        coalesce(
            observations.numeric_value between
            vital_signs.lowest_plausible_value and vital_signs.highest_plausible_value,
            false
        ) as has_plausible_value
    from {{ ref('fct_medical__observations') }} as observations
    inner join {{ ref('reference_medical__vital_signs') }} as vital_signs
        on observations.observation_code = vital_signs.observation_code
),

counted as (
    select
        vital_sign,
        count_if(not has_expected_units or not has_plausible_value) as implausible_count,
        count(*) as all_count
    from measured
    group by vital_sign
)

select * from counted
where
    implausible_count > {{ var('quarantine_max_rows') }}
    and implausible_count > {{ var('quarantine_max_share') }} * all_count

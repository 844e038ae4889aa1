{{ config(error_if='>10') }}

-- A few slips of the pen are the clinic's to correct and show as a warning; many point at a unit
-- that changed or a column that moved, and stop the build.
select
    observations.observation_key,
    vital_signs.vital_sign,
    vital_signs.units as expected_units,
    observations.units as found_units
from {{ ref('fct_medical__observations') }} as observations
inner join {{ ref('reference_medical__vital_signs') }} as vital_signs
    on observations.observation_code = vital_signs.observation_code
where
    observations.units is distinct from vital_signs.units
    or observations.numeric_value is null
    or observations.numeric_value not between
    vital_signs.lowest_plausible_value and vital_signs.highest_plausible_value

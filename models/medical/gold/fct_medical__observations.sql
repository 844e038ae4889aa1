{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='observation_key',
    on_schema_change='append_new_columns',
    properties=iceberg_table(
        partitioned_by=['observation_category'],
        sorted_by=['patient_key', 'observed_at'],
    ),
) }}

-- A score that falls on the birthday shows its year alone, and from the next one on: the release
-- and the time of loading that a score of this year first came with would tell the day as well.
with

birthday_scores as (
    select
        observation_code,
        tells_age
    from {{ ref('reference_medical__birthday_scores') }}
),

observations as (
    select
        observations.*,
        birthday_scores.observation_code is not null as is_of_a_birthday,
        coalesce(birthday_scores.tells_age, false) as tells_age
    from {{ ref('silver_medical__observations') }} as observations
    left join birthday_scores
        on observations.observation_code = birthday_scores.observation_code
    where
        birthday_scores.observation_code is not null
        or {{ newly_loaded('observations._loaded_at') }}
),

final as (
    select
        observation_key,
        patient_key,
        encounter_id,
        coalesce(observation_category, 'uncategorised') as observation_category,
        observation_code,
        observation_description,
        value_type,
        text_value,
        units,
        numeric_value,
        if(is_of_a_birthday, date_trunc('year', observed_at), observed_at) as observed_at,
        if(
            is_of_a_birthday,
            greatest(_loaded_at, date_trunc('year', observed_at) + interval '1' year),
            _loaded_at
        ) as _loaded_at
    from observations
    where
        not tells_age
        and (not is_of_a_birthday or year(observed_at) < year({{ as_of_date() }}))
)

select * from final

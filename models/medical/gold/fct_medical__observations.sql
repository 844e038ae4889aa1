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

with

observations as (
    select
        observation_key,
        patient_key,
        encounter_id,
        observation_category,
        observation_code,
        observation_description,
        units,
        value_type,
        text_value,
        numeric_value,
        observed_at,
        _loaded_at
    from {{ ref('silver_medical__observations') }}
    where {{ newly_loaded('_loaded_at') }}
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
        observed_at,
        _loaded_at
    from observations
)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='observation_key',
    on_schema_change='append_new_columns',
) }}

{% set record = ['encounter_id', 'observation_code', 'observed_at'] %}

with

observations as (
    select
        patient_id,
        encounter_id,
        observation_category,
        observation_code,
        observation_description,
        observed_value,
        units,
        value_type,
        observed_at,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_observations') }}
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

coded_observations as (
    select observation_code
    from {{ ref('reference_medical__coded_observations') }}
),

birthday_scores as (
    select observation_code
    from {{ ref('reference_medical__birthday_scores') }}
),

pseudonymised as (
    select
        keys.patient_key,
        observations.encounter_id,
        if(
            birthday_scores.observation_code is not null,
            'quality-of-life',
            observations.observation_category
        ) as observation_category,
        observations.observation_code,
        observations.observation_description,
        observations.units,
        observations.value_type,
        case
            when observations.value_type = 'numeric' then null
            when coded_observations.observation_code is not null then observations.observed_value
            else {{ suppress_text('observations.observed_value') }}
        end as text_value,
        if(
            observations.value_type = 'numeric',
            try_cast(observations.observed_value as double)
        ) as numeric_value,
        observations.observed_at,
        {{ occurrence('observations', record) }} as occurrence,
        observations._rejection_reasons,
        observations._batch_id,
        observations._row_number,
        observations._loaded_at as _landed_at,
        greatest(observations._loaded_at, keys._loaded_at) as _loaded_at
    from observations
    inner join keys on observations.patient_id = keys.patient_id
    left join coded_observations
        on observations.observation_code = coded_observations.observation_code
    left join birthday_scores
        on observations.observation_code = birthday_scores.observation_code
    where {{ newly_loaded('greatest(observations._loaded_at, keys._loaded_at)') }}
),

versions as (
    select
        *,
        {{ version(['patient_key'] + record + ['occurrence']) }} as _version
    from pseudonymised
    where cardinality(_rejection_reasons) = 0
),

final as (
    select
        {{ surrogate_key(
            ['patient_key'] + record + ['occurrence'], 'medical'
        ) }} as observation_key,
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
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

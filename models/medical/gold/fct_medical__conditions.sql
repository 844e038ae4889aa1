with

conditions as (
    select
        condition_key,
        patient_key,
        encounter_id,
        condition_code,
        condition_description,
        onset_date,
        resolved_date,
        _loaded_at
    from {{ ref('silver_medical__conditions') }}
),

chronic_conditions as (
    select
        condition_code,
        chronic_group
    from {{ ref('reference_medical__chronic_conditions') }}
),

final as (
    select
        conditions.condition_key,
        conditions.patient_key,
        conditions.encounter_id,
        conditions.condition_code,
        conditions.condition_description,
        coalesce(
            regexp_extract(conditions.condition_description, '\(([a-z ]+)\)$', 1),
            'unspecified'
        ) as condition_kind,
        chronic_conditions.chronic_group,
        date_diff(
            'day',
            conditions.onset_date,
            coalesce(
                conditions.resolved_date,
                greatest({{ as_of_date() }}, conditions.onset_date)
            )
        ) as duration_days,
        row_number() over (
            partition by conditions.patient_key, conditions.condition_code
            order by conditions.onset_date, conditions.condition_key
        ) as episode_number,
        chronic_conditions.chronic_group is not null as is_chronic,
        conditions.onset_date <= {{ as_of_date() }}
        and coalesce(conditions.resolved_date > {{ as_of_date() }}, true) as is_active,
        conditions.onset_date,
        conditions.resolved_date,
        conditions._loaded_at
    from conditions
    left join chronic_conditions
        on conditions.condition_code = chronic_conditions.condition_code
)

select * from final

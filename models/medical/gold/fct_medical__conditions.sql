with

condition_kinds as (
    select
        condition_code,
        condition_kind
    from {{ ref('reference_medical__condition_kinds') }}
),

-- A name ends on its kind in brackets or does not say it; then the list knows the code.
conditions as (
    select
        recorded.condition_key,
        recorded.patient_key,
        recorded.encounter_id,
        recorded.condition_code,
        recorded.condition_description,
        coalesce(
            regexp_extract(recorded.condition_description, '\(([a-z ]+)\)$', 1),
            condition_kinds.condition_kind,
            'unspecified'
        ) as condition_kind,
        recorded.onset_date,
        recorded.resolved_date,
        recorded._loaded_at
    from {{ ref('silver_medical__conditions') }} as recorded
    left join condition_kinds
        on recorded.condition_code = condition_kinds.condition_code
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
        conditions.condition_kind,
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
        -- The source records some burns and sprains as the change of tissue they are.
        conditions.condition_kind in ('disorder', 'morphologic abnormality') as is_disorder,
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

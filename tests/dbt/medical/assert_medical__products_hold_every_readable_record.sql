-- Silver is built from every readable row; a product must not lose or double one on its way. What
-- is held back is counted beside it: scores of a birthday that tell the age, or are of this year.
with

counts as (
    {% for entity in [
        'encounters',
        'conditions',
        'prescriptions',
        'immunizations',
        'procedures',
        'allergies',
        'care_plans',
    ] -%}
    select
        '{{ entity }}' as entity,
        (select count(*) from {{ ref('silver_medical__' ~ entity) }}) as readable_count,
        0 as held_back_count,
        (select count(*) from {{ ref('fct_medical__' ~ entity) }}) as published_count
    union all
    {% endfor -%}
    select
        'observations' as entity,
        (select count(*) from {{ ref('silver_medical__observations') }}) as readable_count,
        (
            select
                count_if(
                    birthday_scores.tells_age
                    or year(observations.observed_at) >= year({{ as_of_date() }})
                )
            from {{ ref('silver_medical__observations') }} as observations
            inner join {{ ref('reference_medical__birthday_scores') }} as birthday_scores
                on observations.observation_code = birthday_scores.observation_code
        ) as held_back_count,
        (select count(*) from {{ ref('fct_medical__observations') }}) as published_count
    union all
    select
        'images' as entity,
        (select count(*) from {{ ref('silver_medical__imaging_instances') }}) as readable_count,
        0 as held_back_count,
        (select sum(image_count) from {{ ref('fct_medical__imaging_studies') }}) as published_count
    union all
    select
        'providers' as entity,
        (select count(*) from {{ ref('silver_medical__providers') }}) as readable_count,
        0 as held_back_count,
        (select count(*) from {{ ref('dim_medical__providers') }}) as published_count
    union all
    select
        'patients' as entity,
        (select count(*) from {{ ref('silver_medical__patients') }}) as readable_count,
        0 as held_back_count,
        (select count(*) from {{ ref('fct_medical__patient_features') }}) as published_count
)

select * from counts
where readable_count <> coalesce(published_count, 0) + held_back_count

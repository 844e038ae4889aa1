-- Silver is built from every readable row; a product must not lose or double one on its way.
with

counts as (
    {% for entity in [
        'encounters',
        'observations',
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
        (select count(*) from {{ ref('fct_medical__' ~ entity) }}) as published_count
    union all
    {% endfor -%}
    select
        'images' as entity,
        (select count(*) from {{ ref('silver_medical__imaging_instances') }}) as readable_count,
        (select sum(image_count) from {{ ref('fct_medical__imaging_studies') }}) as published_count
    union all
    select
        'providers' as entity,
        (select count(*) from {{ ref('silver_medical__providers') }}) as readable_count,
        (select count(*) from {{ ref('dim_medical__providers') }}) as published_count
    union all
    select
        'patients' as entity,
        (select count(*) from {{ ref('silver_medical__patients') }}) as readable_count,
        (select count(*) from {{ ref('fct_medical__patient_features') }}) as published_count
)

select * from counts
where readable_count <> coalesce(published_count, 0)

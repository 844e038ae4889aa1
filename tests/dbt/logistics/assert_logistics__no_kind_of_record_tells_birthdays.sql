-- A kind of record that comes back on one and the same day of the year tells the birthday of a
-- patient, whatever it is called. Each product is asked by the kinds of its records and as a whole.
with

records as (
    {% for product, kind, day in [
        ('fct_logistics__consumption', 'item_code', 'consumed_date'),
    ] -%}
    select
        '{{ product }}.{{ day }}: ' || coalesce({{ kind }}, '') as kind,
        patient_key,
        cast({{ day }} as date) as recorded_on
    from {{ ref(product) }}
    where {{ day }} is not null
    union all
    select
        '{{ product }}.{{ day }}' as kind,
        patient_key,
        cast({{ day }} as date) as recorded_on
    from {{ ref(product) }}
    where {{ day }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ birthday_kinds('records') }}

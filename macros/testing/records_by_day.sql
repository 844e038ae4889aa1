{#- Each product is asked by the kinds of its records and as a whole. -#}
{% macro records_by_day(products) -%}
    {%- for product, kind, day in products %}
    {%- for shown in ["': ' || coalesce(" ~ kind ~ ", '')", "''"] %}
    select
        '{{ product }}.{{ day }}' || {{ shown }} as kind,
        patient_key,
        cast({{ day }} as date) as recorded_on
    from {{ ref(product) }}
    where {{ day }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

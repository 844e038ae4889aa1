{% macro age_in_years(birth_date, on_date) -%}
    date_diff('year', {{ birth_date }}, {{ on_date }})
{%- endmacro %}

{% macro as_date(column) -%}
    try_cast({{ of_plausible_year(column) }} as date)
{%- endmacro %}

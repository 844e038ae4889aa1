{% macro year_of(column) -%}
    cast(year({{ column }}) as integer)
{%- endmacro %}

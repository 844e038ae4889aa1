{% macro of_plausible_year(column) -%}
    if(regexp_like({{ column }}, '^(19|20|21)[0-9]{2}-'), {{ column }})
{%- endmacro %}

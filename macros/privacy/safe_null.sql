{% macro safe_null(column) -%}
    if(false, {{ column }})
{%- endmacro %}

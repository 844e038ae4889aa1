{% macro suppress_text(column) -%}
    if({{ column }} is null, cast(null as varchar), 'SUPPRESSED')
{%- endmacro %}

{% macro redact(column) -%}
    if({{ column }} is null, cast(null as varchar), 'REDACTED')
{%- endmacro %}

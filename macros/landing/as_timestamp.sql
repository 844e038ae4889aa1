{% macro as_timestamp(column) -%}
    cast(try(from_iso8601_timestamp({{ column }})) as timestamp(6) with time zone)
{%- endmacro %}

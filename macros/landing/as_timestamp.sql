{#- ISO 8601 also knows years and months by themselves; a moment names at least its day. -#}
{% macro as_timestamp(column) -%}
    cast(
        try(from_iso8601_timestamp(if(length({{ column }}) >= 10, {{ of_plausible_year(column) }})))
        as timestamp(6) with time zone
    )
{%- endmacro %}

{% macro version(record) -%}
    row_number() over (
        partition by {{ record | join(', ') }}
        order by _landed_at desc, _row_number desc
    )
{%- endmacro %}

{% macro newly_loaded(loaded_at) -%}
    {%- if is_incremental() -%}
    {{ loaded_at }} > (
        select coalesce(max(_loaded_at), timestamp '0001-01-01 00:00:00 UTC') from {{ this }}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

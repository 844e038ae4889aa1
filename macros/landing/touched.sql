{% macro touched(relation, record_id) -%}
    {%- if is_incremental() -%}
    {{ record_id }} in (
        select news.{{ record_id }}
        from {{ relation }} as news
        where {{ newly_loaded('news._loaded_at') }}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

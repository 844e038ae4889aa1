{% macro new_batches_only() -%}
    {%- if is_incremental() -%}
    where _batch_id not in (select distinct _batch_id from {{ this }})
    {%- endif -%}
{%- endmacro %}

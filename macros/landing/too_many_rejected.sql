{% macro too_many_rejected(quarantine, tables) -%}
    select
        rejected.source_table,
        rejected.row_count as rejected_rows,
        latest.row_count as landed_rows
    from (
        select
            source_table,
            _batch_id,
            count(*) as row_count
        from {{ quarantine }}
        group by source_table, _batch_id
    ) as rejected
    left join (
        {% for name, relation in tables.items() -%}
        select
            '{{ name }}' as source_table,
            _batch_id,
            count(*) as row_count
        from {{ relation }}
        where _loaded_at = (select max(_loaded_at) from {{ relation }})
        group by _batch_id
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as latest on rejected.source_table = latest.source_table
    where
        latest.source_table is null
        or (
            rejected._batch_id = latest._batch_id
            and rejected.row_count > {{ var('quarantine_max_rows') }}
            and rejected.row_count > {{ var('quarantine_max_share') }} * latest.row_count
        )
{%- endmacro %}

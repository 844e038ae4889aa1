{% test rejections_stay_below_threshold(model, tables) %}

with

landed as (
    {% for name, relation in tables.items() -%}
    select
        '{{ name }}' as source_table,
        count(*) as row_count
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rejected as (
    select
        source_table,
        count(*) as row_count
    from {{ model }}
    group by source_table
)

select
    rejected.source_table,
    rejected.row_count as rejected_rows,
    landed.row_count as landed_rows
from rejected
left join landed on rejected.source_table = landed.source_table
where
    landed.row_count is null
    or (
        rejected.row_count > {{ var('quarantine_max_rows') }}
        and rejected.row_count > {{ var('quarantine_max_share') }} * landed.row_count
    )

{% endtest %}

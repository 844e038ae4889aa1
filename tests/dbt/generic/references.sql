{#- A quarantined parent whose own identifier could not be read explains one unknown parent. -#}
{% test references(model, column_name, to, field, quarantine=none, source_table=none) %}

with

orphans as (
    select distinct child.{{ column_name }} as missing
    from {{ model }} as child
    left join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
    {% if quarantine is not none %}
    left join {{ quarantine }} as quarantined
        on
            child.{{ column_name }} = quarantined.record_id
            and quarantined.source_table = '{{ source_table }}'
    {% endif %}
    where
        child.{{ column_name }} is not null
        and parent.{{ field }} is null
        {% if quarantine is not none %}
        and quarantined.record_id is null
        {% endif %}
),

explained as (
    {% if quarantine is not none %}
    select count(*) as parents
    from {{ quarantine }}
    where source_table = '{{ source_table }}' and record_id is null
    {% else %}
    select 0 as parents
    {% endif %}
)

select orphans.missing
from orphans
cross join explained
where (select count(*) from orphans) > explained.parents

{% endtest %}

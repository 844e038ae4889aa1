{% test references(model, column_name, to, field, quarantine=none, source_table=none) %}

select child.{{ column_name }}
from {{ model }} as child
left join {{ to }} as parent
    on child.{{ column_name }} = parent.{{ field }}
{%- if quarantine is not none %}
left join {{ quarantine }} as quarantined
    on
        child.{{ column_name }} = quarantined.record_id
        and quarantined.source_table = '{{ source_table }}'
{%- endif %}
where
    child.{{ column_name }} is not null
    and parent.{{ field }} is null
    {% if quarantine is not none %}and quarantined.record_id is null{% endif %}

{% endtest %}

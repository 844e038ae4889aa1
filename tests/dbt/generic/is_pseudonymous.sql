{% test is_pseudonymous(model, column_name) %}

select {{ column_name }}
from {{ model }}
where
    {{ column_name }} is null
    or not regexp_like({{ column_name }}, '^[0-9a-f]{64}$')

{% endtest %}

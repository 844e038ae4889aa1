{% test is_pseudonymous(model, column_name, domain=none) %}

{#- The domain whose key must have made the values; the first word of the schema if not given. -#}
{%- set domain = domain or model.schema.split('_')[0] -%}

select tested.{{ column_name }}
from {{ model }} as tested
left join {{ ref('identity_patients__keys') }} as keys
    on tested.{{ column_name }} = keys.patient_key and keys.domain = '{{ domain }}'
where keys.patient_key is null

{% endtest %}

-- Two domains that shared a key would have the same pseudonym for one person.
with

keys as (
    select
        domain,
        patient_key,
        case domain
            {% for domain in ['patients', 'medical', 'fintech', 'logistics', 'analytics'] -%}
            when '{{ domain }}' then {{ pseudonym('patient_id', domain) }}
            {% endfor -%}
        end as expected_key,
        count(*) over (partition by patient_key) as use_count
    from {{ ref('identity_patients__keys') }}
)

select
    domain,
    patient_key
from keys
where patient_key is distinct from expected_key or use_count > 1

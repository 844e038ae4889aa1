-- A patient keeps an identity even while the row that describes them is in quarantine: otherwise
-- one bad birth date would send everything that other domains know about them there as well.
with

patients as (
    select
        patient_id,
        min(_loaded_at) as _loaded_at
    from {{ ref('bronze_patients__synthea_patients') }}
    where patient_id is not null
    group by patient_id
),

final as (
    {% for domain in ['patients', 'medical', 'fintech', 'logistics', 'analytics'] -%}
    select
        patient_id,
        '{{ domain }}' as domain,
        {{ pseudonym('patient_id', domain) }} as patient_key,
        _loaded_at
    from patients
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final

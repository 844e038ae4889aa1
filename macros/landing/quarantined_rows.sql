{% macro quarantined_rows(relation, source_table, record_id=none, identities=none, patient_id='patient_id') -%}
    select
        '{{ source_table }}' as source_table,
        {{ 'rejected.' ~ record_id if record_id else 'cast(null as varchar)' }} as record_id,
        rejected._batch_id,
        rejected._source_file,
        rejected._row_number,
        rejected._loaded_at,
        {% if identities -%}
        rejected._rejection_reasons
        || if(
            rejected.{{ patient_id }} is not null and identities.patient_id is null,
            array['patient is not known'],
            cast(array[] as array(varchar))
        ) as reasons
        {%- else -%}
        rejected._rejection_reasons as reasons
        {%- endif %}
    from {{ relation }} as rejected
    {% if identities -%}
    left join {{ identities }} as identities
        on rejected.{{ patient_id }} = identities.patient_id
    where cardinality(rejected._rejection_reasons) > 0 or identities.patient_id is null
    {%- else -%}
    where cardinality(rejected._rejection_reasons) > 0
    {%- endif %}
{%- endmacro %}

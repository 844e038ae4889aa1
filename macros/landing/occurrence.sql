{#-
    Rows of one file that agree in everything that names the record are several records, told apart
    by their order. Count rejected rows too, so that a row which turns bad in a later file does not
    shift the ones after it. A row of a later file takes the place of its earlier version.
-#}
{% macro occurrence(relation, record) -%}
    row_number() over (
        partition by {{ relation }}._batch_id, keys.patient_key
        {%- for column in record %}, {{ relation }}.{{ column }}{% endfor %}
        order by {{ relation }}._row_number
    )
{%- endmacro %}

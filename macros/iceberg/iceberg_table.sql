{% macro iceberg_table(partitioned_by=[], sorted_by=[]) -%}
    {%- set properties = {
        'format': "'PARQUET'",
        'format_version': '2',
    } -%}
    {%- if partitioned_by -%}
        {%- do properties.update({'partitioning': "array['" ~ partitioned_by | join("', '") ~ "']"}) -%}
    {%- endif -%}
    {%- if sorted_by -%}
        {%- do properties.update({'sorted_by': "array['" ~ sorted_by | join("', '") ~ "']"}) -%}
    {%- endif -%}
    {{- return(properties) -}}
{%- endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is not none -%}
        {{ custom_schema_name | trim }}
    {%- elif node.package_name == project_name and node.resource_type == 'seed' -%}
        {{ node.fqn[1] }}_reference
    {%- elif node.package_name == project_name and node.resource_type in ['model', 'snapshot'] -%}
        {{ node.fqn[1] }}_{{ node.fqn[2] }}
    {%- else -%}
        {{ target.schema }}
    {%- endif -%}
{%- endmacro %}

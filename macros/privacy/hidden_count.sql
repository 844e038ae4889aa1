{% macro hidden_count(attributes) -%}
    {%- for attribute in attributes -%}
    if(shows_{{ attribute }}, 0, 1){% if not loop.last %} + {% endif %}
    {%- endfor -%}
{%- endmacro %}

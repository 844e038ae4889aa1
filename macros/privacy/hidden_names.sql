{% macro hidden_names(attributes) -%}
    array_join(
        array[
            {%- for attribute in attributes %}
            if(not shows_{{ attribute }}, '{{ attribute }}'){% if not loop.last %},{% endif %}
            {%- endfor %}
        ],
        ', '
    )
{%- endmacro %}

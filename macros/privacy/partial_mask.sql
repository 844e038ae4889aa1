{% macro partial_mask(column, visible=4) -%}
    {%- if visible is not integer or visible < 0 or visible > 4 -%}
        {{ exceptions.raise_compiler_error(
            "partial_mask: visible is " ~ visible ~ " for " ~ column ~ "; show 0 to 4 characters at the end"
        ) }}
    {%- endif -%}
    if(
        length({{ column }}) > {{ 2 * visible }},
        lpad(substr({{ column }}, length({{ column }}) - {{ visible - 1 }}), 10, '*'),
        if({{ column }} is null, cast(null as varchar), '**********')
    )
{%- endmacro %}

{% macro round_coordinate(column, places=1) -%}
    {%- if places is not integer or places < 0 or places > 1 -%}
        {{ exceptions.raise_compiler_error(
            "round_coordinate: places is " ~ places ~ " for " ~ column ~ "; keep 0 or 1 decimals of a degree"
        ) }}
    {%- endif -%}
    if({{ column }} between -180 and 180, round({{ column }}, {{ places }}))
{%- endmacro %}

{% macro small_cell(count, people) -%}
    if({{ people }} >= {{ var('smallest_published_group') }}, {{ count }})
{%- endmacro %}

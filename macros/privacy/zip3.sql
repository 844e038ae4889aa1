{% macro zip3(column) -%}
    {%- set small_areas = [
        '036', '059', '063', '102', '203', '556', '692', '790', '821', '823',
        '830', '831', '878', '879', '884', '890', '893',
    ] -%}
    case
        when not regexp_like({{ column }}, '^[0-9]{5}') then cast(null as varchar)
        when substr({{ column }}, 1, 3) in ('{{ small_areas | join("', '") }}') then '000'
        else substr({{ column }}, 1, 3)
    end
{%- endmacro %}

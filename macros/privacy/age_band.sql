{% macro age_band(birth_date, on_date=none) -%}
    {%- set on_date = on_date or as_of_date() -%}
    case
        when {{ age_in_years(birth_date, on_date) }} >= 90 then '90+'
        when {{ age_in_years(birth_date, on_date) }} >= 0 then
            cast({{ age_in_years(birth_date, on_date) }} / 10 * 10 as varchar)
            || '-' || cast({{ age_in_years(birth_date, on_date) }} / 10 * 10 + 9 as varchar)
    end
{%- endmacro %}

{#- date_diff('year', …) calls 28 February the birthday of the leap day, and the day before birth age 0. -#}
{% macro age_in_years(birth_date, on_date) -%}
    (
        year({{ on_date }}) - year({{ birth_date }})
        - if(
            month({{ on_date }}) * 100 + day({{ on_date }})
            < month({{ birth_date }}) * 100 + day({{ birth_date }}),
            1,
            0
        )
    )
{%- endmacro %}

{#- To the nearest multiple, halves away from zero: division would round to cents first. -#}
{% macro round_money(column, to=100) -%}
    {%- if to is not integer or to < 1 -%}
        {{ exceptions.raise_compiler_error(
            "round_money: to is " ~ to ~ " for " ~ column ~ "; give a whole amount of at least 1"
        ) }}
    {%- endif -%}
    cast(
        sign({{ column }})
        * (abs({{ column }}) + {{ to / 2 }} - mod(abs({{ column }}) + {{ to / 2 }}, {{ to }}))
        as decimal(20, 2)
    )
{%- endmacro %}

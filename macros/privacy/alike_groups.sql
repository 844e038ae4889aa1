{% macro alike_groups(people, columns, sensitive, nothing_shown='false', smallest=2) -%}
    select people
    from (
        select
            {%- for column in sensitive %}
            count(distinct {{ column }}) as {{ column }}_values,
            {%- endfor %}
            count(*) as people,
            sum(count(*)) over () as all_people,
            bool_and({{ nothing_shown }}) as shows_nothing
        from {{ people }}
        group by {{ columns | join(', ') }}
    ) as counted
    where
        (
            {%- for column in sensitive %}
            (
                {{ column }}_values < {{ smallest }}
                and (select count(distinct {{ column }}) from {{ people }}) >= {{ smallest }}
            )
            {%- if not loop.last %} or{% endif %}
            {%- endfor %}
        )
        and not (shows_nothing and people = all_people)
{%- endmacro %}

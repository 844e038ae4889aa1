{% macro small_groups(people, columns, nothing_shown='false', smallest=none) -%}
    select people
    from (
        select
            count(*) as people,
            sum(count(*)) over () as all_people,
            bool_and({{ nothing_shown }}) as shows_nothing
        from {{ people }}
        group by {{ columns | join(', ') }}
    ) as counted
    where
        people < {{ smallest or var('smallest_published_group') }}
        and not (shows_nothing and people = all_people)
{%- endmacro %}

{#- Each attribute divides the groups that the ones before it left. Hidden rows of a group stay one group. -#}
{% macro shown_in_groups(people, attributes, within=[], sensitive=[], shown_as='shown') -%}
    {%- set state = namespace(group=within | list, people=shown_as ~ '_of') -%}
{{ shown_as }}_of as (
    select
        *
        {%- for column in sensitive %},
        min({{ column }}) over () is not distinct from max({{ column }}) over ()
            as _{{ shown_as }}_all_alike_in_{{ column }}
        {%- endfor %}
    from {{ people }}
),
{% for attribute in attributes -%}
    {%- set group = (state.group or ["'everybody'"]) | join(', ') -%}
    {%- set part = group ~ ', ' ~ attribute -%}
{{ attribute }}_counted as (
    select
        *,
        count(*) over (partition by {{ part }}) >= {{ var('smallest_published_group') }}
        {%- for column in sensitive %}
        and coalesce(
            _{{ shown_as }}_all_alike_in_{{ column }}
            or min({{ column }}) over (partition by {{ part }}) < max({{ column }}) over (partition by {{ part }}),
            false
        )
        {%- endfor %} as _{{ attribute }}_stands_alone,
        lpad(cast(count(*) over (partition by {{ part }}) as varchar), 18, '0')
        || coalesce(cast({{ attribute }} as varchar), '') as _{{ attribute }}_part
    from {{ state.people }}
),

{{ attribute }}_pooled as (
    select
        *,
        count_if(not _{{ attribute }}_stands_alone) over (partition by {{ group }}) = 0
        or (
            count_if(not _{{ attribute }}_stands_alone) over (partition by {{ group }})
            >= {{ var('smallest_published_group') }}
            {%- for column in sensitive %}
            and coalesce(
                _{{ shown_as }}_all_alike_in_{{ column }}
                or min(if(not _{{ attribute }}_stands_alone, {{ column }})) over (partition by {{ group }})
                < max(if(not _{{ attribute }}_stands_alone, {{ column }})) over (partition by {{ group }}),
                false
            )
            {%- endfor %}
        ) as _{{ attribute }}_pool_is_safe,
        min(if(_{{ attribute }}_stands_alone, _{{ attribute }}_part)) over (partition by {{ group }})
            as _{{ attribute }}_smallest_part
    from {{ attribute }}_counted
),

{{ attribute }}_shown as (
    select
        *,
        _{{ attribute }}_stands_alone
        and (
            _{{ attribute }}_pool_is_safe
            or _{{ attribute }}_part <> _{{ attribute }}_smallest_part
        ) as shows_{{ attribute }}
    from {{ attribute }}_pooled
),
{% set state.people = attribute ~ '_shown' %}
    {%- set state.group = state.group + ['shows_' ~ attribute, 'if(shows_' ~ attribute ~ ', ' ~ attribute ~ ')'] -%}
    {%- endfor %}
{{ shown_as }} as (
    select * from {{ state.people }}
)
{%- endmacro %}

{% macro is_hidden_cell(people, within, tie_breaker) -%}
    {%- set smallest = var('smallest_published_group') -%}
    {%- set from_small_to_large = "partition by " ~ within ~ " order by " ~ people ~ ", " ~ tie_breaker -%}
    (
        {{ people }} < {{ smallest }}
        or (
            min({{ people }}) over (partition by {{ within }}) < {{ smallest }}
            and (
                row_number() over ({{ from_small_to_large }}) = 2
                or sum({{ people }}) over (
                    {{ from_small_to_large }} rows between unbounded preceding and 1 preceding
                ) < {{ smallest }}
            )
        )
    )
{%- endmacro %}

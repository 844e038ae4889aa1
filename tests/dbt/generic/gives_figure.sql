{#- A rule of a contract: the query must give one row with one figure, and all of `must` holds. -#}
{% test gives_figure(model, query, must, column_name=none) %}

{%- set operators = {
    'mustBe': '=', 'mustNotBe': '<>', 'mustBeGreaterThan': '>', 'mustBeGreaterOrEqualTo': '>=',
    'mustBeLessThan': '<', 'mustBeLessOrEqualTo': '<=',
} -%}
{%- set conditions = [] -%}
{%- for name, value in must.items() -%}
    {%- if name in operators -%}
        {%- do conditions.append('figure ' ~ operators[name] ~ ' ' ~ (value | string | lower)) -%}
    {%- elif name in ('mustBeBetween', 'mustNotBeBetween') -%}
        {%- set negated = 'not ' if name == 'mustNotBeBetween' else '' -%}
        {%- do conditions.append(
            'figure ' ~ negated ~ 'between ' ~ value[0] ~ ' and ' ~ value[1]
        ) -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'gives_figure: must names ' ~ name ~ ', expected a comparison of the data contract standard'
        ) }}
    {%- endif -%}
{%- endfor %}

with

measured (figure) as (
    {{ query | replace('{object}', model) | replace('{property}', column_name or '') }}
),

judged as (
    select
        count(*) as figure_count,
        count_if({{ conditions | join(' and ') }}) as kept_count
    from measured
)

select
    figure_count,
    kept_count
from judged
where figure_count <> 1 or kept_count <> 1

{% endtest %}

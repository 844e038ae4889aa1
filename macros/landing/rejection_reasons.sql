{% macro rejection_reasons(required=[], timestamps=[], dates=[], decimals=[], integers=[], rules={}) -%}
    {%- set parsed = [] -%}
    {%- for column in timestamps -%}
        {%- do parsed.append((column, as_timestamp(column), 'timestamp')) -%}
    {%- endfor -%}
    {%- for column in dates -%}
        {%- do parsed.append((column, as_date(column), 'date')) -%}
    {%- endfor -%}
    {%- for columns, type, name in [(decimals, 'decimal(18, 2)', 'decimal'), (integers, 'bigint', 'integer')] -%}
        {%- for column in columns -%}
            {%- do parsed.append((column, 'try_cast(' ~ column ~ ' as ' ~ type ~ ')', name)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set reasons = [] -%}
    {%- for column in required -%}
        {%- do reasons.append("if(" ~ column ~ " is null, '" ~ column | replace('"', '') ~ " is missing')") -%}
    {%- endfor -%}
    {%- for column, expression, name in parsed -%}
        {%- do reasons.append(
            "if(" ~ column ~ " is not null and " ~ expression ~ " is null, '"
            ~ column | replace('"', '') ~ " is not a valid " ~ name ~ "')"
        ) -%}
    {%- endfor -%}
    {%- for reason, condition in rules.items() -%}
        {%- do reasons.append("if(" ~ condition ~ ", '" ~ reason ~ "')") -%}
    {%- endfor -%}
    filter(
        cast(array[
            {{ reasons | join(',\n            ') }}
        ] as array(varchar)),
        reason -> reason is not null
    )
{%- endmacro %}

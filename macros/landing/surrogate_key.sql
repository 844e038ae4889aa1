{% macro surrogate_key(columns, domain) -%}
    {%- if not columns -%}
        {{ exceptions.raise_compiler_error("surrogate_key: columns is empty; name the columns that make a row unique") }}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as varchar), chr(0))") -%}
    {%- endfor -%}
    lower(to_hex(hmac_sha256(
        to_utf8('key of a row: ' || {{ parts | join(" || chr(31) || ") }}),
        {{ key_of(domain) }}
    )))
{%- endmacro %}

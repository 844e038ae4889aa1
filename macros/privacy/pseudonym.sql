{% macro pseudonym(column, domain=none) -%}
    lower(to_hex(hmac_sha256(
        to_utf8({{ column }}),
        {{ key_of(domain or model.fqn[1]) }}
    )))
{%- endmacro %}

{% macro pseudonym(column, domain=none) -%}
    {%- set domain = domain or model.fqn[1] -%}
    {%- if domain not in ['patients', 'medical', 'fintech', 'logistics', 'analytics'] -%}
        {{ exceptions.raise_compiler_error(
            "pseudonym: domain '" ~ domain ~ "' has no key; use one of patients, medical, fintech, logistics, analytics"
        ) }}
    {%- endif -%}
    lower(to_hex(hmac_sha256(
        to_utf8({{ column }}),
        (select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = '{{ domain }}')
    )))
{%- endmacro %}

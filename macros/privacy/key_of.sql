{% macro key_of(domain) -%}
    {%- if domain not in ['patients', 'medical', 'fintech', 'logistics', 'analytics'] -%}
        {{ exceptions.raise_compiler_error(
            "key_of: domain '" ~ domain ~ "' has no key; use one of patients, medical, fintech, logistics, analytics"
        ) }}
    {%- endif -%}
    (select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = '{{ domain }}')
{%- endmacro %}

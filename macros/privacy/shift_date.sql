{#- The prefix keeps the digest apart from that of the pseudonym, which is published. -#}
{% macro shift_date(column, subject, domain=none) -%}
    date_add(
        'day',
        -1 - bitwise_and(
            from_big_endian_64(substr(
                hmac_sha256(to_utf8('shift of dates: ' || {{ subject }}), {{ key_of(domain or model.fqn[1]) }}),
                1,
                8
            )),
            9223372036854775807
        ) % 365,
        {{ column }}
    )
{%- endmacro %}

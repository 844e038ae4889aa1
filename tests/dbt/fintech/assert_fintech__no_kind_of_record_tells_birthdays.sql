-- A kind of record that comes back on one and the same day of the year tells the birthday of a
-- patient, whatever it is called. Each product is asked by the kinds of its records and as a whole.
with

records as (
    {% for product, kind, day in [
        ('fct_fintech__claims', 'department', 'service_started_at'),
        ('fct_fintech__claims', 'claim_type', 'last_billed_at'),
        ('fct_fintech__patient_accounts', 'entry_type', 'posted_at'),
        ('fct_fintech__payments', 'payment_method', 'posted_at'),
        ('fct_fintech__payment_allocations', 'responsible_party', 'posted_at'),
    ] -%}
    select
        '{{ product }}.{{ day }}: ' || coalesce({{ kind }}, '') as kind,
        patient_key,
        cast({{ day }} as date) as recorded_on
    from {{ ref(product) }}
    where {{ day }} is not null
    union all
    select
        '{{ product }}.{{ day }}' as kind,
        patient_key,
        cast({{ day }} as date) as recorded_on
    from {{ ref(product) }}
    where {{ day }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ birthday_kinds('records') }}

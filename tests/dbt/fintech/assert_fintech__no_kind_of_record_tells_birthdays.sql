-- A kind of record that comes back on one and the same day of the year tells the birthday of a
-- patient, whatever it is called. Each product is asked by the kinds of its records and as a whole.
with

records as (
    {{ records_by_day([
        ('fct_fintech__claims', 'department', 'service_started_at'),
        ('fct_fintech__claims', 'claim_type', 'last_billed_at'),
        ('fct_fintech__patient_accounts', 'entry_type', 'posted_at'),
        ('fct_fintech__payments', 'payment_method', 'posted_at'),
        ('fct_fintech__payment_allocations', 'responsible_party', 'posted_at'),
    ]) }}
)

{{ birthday_kinds('records') }}

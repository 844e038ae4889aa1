{{ config(properties=iceberg_table(sorted_by=['posted_at'])) }}

with

ledger_entries as (
    select
        entry_id,
        patient_key,
        claim_id,
        responsible_payer_id,
        responsible_payer_kind,
        entry_type,
        payment_method,
        payment_amount,
        posted_at,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
),

-- A copayment settles part of what the payer owes, but it is the patient who pays it: only an
-- electronic check comes from a payer.
final as (
    select
        entry_id as payment_id,
        patient_key,
        claim_id,
        if(payment_method = 'electronic_check', responsible_payer_id) as payer_id,
        payment_method,
        if(
            payment_method = 'electronic_check', responsible_payer_kind, 'patient'
        ) as payer_kind,
        payment_amount,
        'USD' as currency_code,
        posted_at,
        _loaded_at
    from ledger_entries
    where entry_type = 'payment'
)

select * from final

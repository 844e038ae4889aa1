{{ config(properties=iceberg_table(sorted_by=['claim_id'])) }}

with

ledger_entries as (
    select
        entry_id,
        patient_key,
        claim_id,
        charge_id,
        line_number,
        entry_type,
        responsible_party,
        responsible_payer_kind,
        payment_amount,
        line_balance_amount,
        posted_at,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
),

final as (
    select
        entry_id as payment_id,
        charge_id,
        patient_key,
        claim_id,
        line_number,
        responsible_party,
        responsible_payer_kind as payer_kind,
        payment_amount as allocated_amount,
        line_balance_amount,
        'USD' as currency_code,
        posted_at,
        _loaded_at
    from ledger_entries
    where entry_type = 'payment'
)

select * from final

{{ config(properties=iceberg_table(sorted_by=['patient_key', 'posted_at'])) }}

with

ledger_entries as (
    select
        entry_id,
        patient_key,
        claim_id,
        line_number,
        sequence_number,
        entry_type,
        responsible_party,
        responsible_payer_kind,
        entry_amount,
        posted_at,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
),

final as (
    select
        entry_id,
        patient_key,
        claim_id,
        line_number,
        row_number() over account as entry_number,
        entry_type,
        responsible_party,
        responsible_payer_kind as payer_kind,
        entry_amount,
        cast(sum(entry_amount) over account as decimal(18, 2)) as account_balance_amount,
        cast(
            sum(if(responsible_party = 'patient', entry_amount, 0)) over account as decimal(18, 2)
        ) as patient_balance_amount,
        'USD' as currency_code,
        posted_at,
        _loaded_at
    from ledger_entries
    window account as (
        partition by patient_key
        order by posted_at, claim_id, sequence_number, entry_id
    )
)

select * from final

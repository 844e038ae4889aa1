-- A transfer out is the exception that the source makes: it reports the amount that somebody else
-- owes from the next entry on.
with

ledger_entries as (
    select *
    from {{ ref('silver_fintech__ledger_entries') }}
),

deliveries as (
    select
        claim_id,
        missing_transaction_count
    from {{ ref('silver_fintech__claim_deliveries') }}
    where missing_transaction_count > 0
),

unattributed as (
    select coalesce(sum(missing_transaction_count), 0) as row_count
    from deliveries
    where claim_id is null
),

differing as (
    select
        ledger_entries.claim_id,
        count(*) as entry_count,
        count(*) over () as claim_count
    from ledger_entries
    left join deliveries on ledger_entries.claim_id = deliveries.claim_id
    where
        deliveries.claim_id is null
        and (
            ledger_entries.line_balance_amount < 0
            or (
                ledger_entries.entry_type <> 'transfer_out'
                and ledger_entries.line_balance_amount
                <> ledger_entries.reported_line_balance_amount
            )
        )
    group by ledger_entries.claim_id
)

select differing.*
from differing
cross join unattributed
where differing.claim_count > unattributed.row_count

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

transfers_out as (
    select *
    from ledger_entries
    where entry_type = 'transfer_out'
),

transfers_in as (
    select *
    from ledger_entries
    where entry_type = 'transfer_in'
),

unpaired as (
    select
        coalesce(transfers_out.claim_id, transfers_in.claim_id) as claim_id,
        transfers_out.entry_id as transfer_out_id,
        transfers_in.entry_id as transfer_in_id,
        count(*) over () as transfer_count
    from transfers_out
    full outer join transfers_in
        on
            transfers_out.claim_id = transfers_in.claim_id
            and transfers_out.line_number = transfers_in.line_number
            and transfers_out.sequence_number = transfers_in.transfer_out_sequence_number
            and transfers_out.posted_at = transfers_in.posted_at
            and transfers_out.transfer_amount = -transfers_in.transfer_amount
    left join deliveries
        on coalesce(transfers_out.claim_id, transfers_in.claim_id) = deliveries.claim_id
    where
        deliveries.claim_id is null
        and (transfers_out.entry_id is null or transfers_in.entry_id is null)
)

select unpaired.*
from unpaired
cross join unattributed
where unpaired.transfer_count > unattributed.row_count

-- Over all kinds of debtor together. A transfer whose other half is in quarantine is taken out; one
-- that belongs to no claim may lie in any one month.
with

ledger_entries as (
    select
        cast(date_trunc('month', posted_at at time zone 'UTC') as date) as statement_month,
        claim_id,
        transfer_amount
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

statements as (
    select
        statement_month,
        sum(transfer_amount) as transfer_amount
    from {{ ref('agg_fintech__monthly_statement') }}
    group by statement_month
),

halves as (
    select
        ledger_entries.statement_month,
        sum(ledger_entries.transfer_amount) as transfer_amount
    from ledger_entries
    inner join deliveries on ledger_entries.claim_id = deliveries.claim_id
    group by ledger_entries.statement_month
),

unbalanced as (
    select
        statements.statement_month,
        statements.transfer_amount,
        halves.transfer_amount as half_transfer_amount,
        count(*) over () as month_count
    from statements
    left join halves on statements.statement_month = halves.statement_month
    where statements.transfer_amount <> coalesce(halves.transfer_amount, 0)
)

select unbalanced.*
from unbalanced
cross join unattributed
where unbalanced.month_count > unattributed.row_count

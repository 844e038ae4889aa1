-- The totals of a claim are those of its transactions as they were landed, in the latest batch that
-- has them. And a closed claim reports what its transactions say is left; a row in quarantine that
-- names no claim can be missing from any one claim, so as many are let pass.
with

claims as (
    select *
    from {{ ref('fct_fintech__claims') }}
    where is_complete
),

deliveries as (
    select
        claim_id,
        missing_transaction_count,
        restated_at
    from {{ ref('silver_fintech__claim_deliveries') }}
),

unattributed as (
    select coalesce(sum(missing_transaction_count), 0) as row_count
    from deliveries
    where claim_id is null
),

landed as (
    select
        transaction_id,
        claim_id,
        transaction_type,
        charge_or_transfer_amount,
        payment_amount,
        adjustment_amount,
        row_number() over (
            partition by transaction_id
            order by _loaded_at desc, _row_number desc
        ) as _version
    from {{ ref('bronze_fintech__synthea_claims_transactions') }}
    where cardinality(_rejection_reasons) = 0
),

totals as (
    select
        claim_id,
        sum(if(transaction_type = 'CHARGE', charge_or_transfer_amount, 0)) as charge_amount,
        sum(payment_amount) as payment_amount,
        sum(adjustment_amount) as adjustment_amount
    from landed
    where _version = 1
    group by claim_id
),

differing as (
    select
        claims.claim_id,
        claims.charge_amount,
        totals.charge_amount as landed_charge_amount,
        claims.payment_amount,
        totals.payment_amount as landed_payment_amount,
        claims.outstanding_amount,
        claims.reported_outstanding_amount,
        count(*) over () as claim_count
    from claims
    left join totals on claims.claim_id = totals.claim_id
    left join deliveries on claims.claim_id = deliveries.claim_id
    where
        (
            deliveries.restated_at is null
            and (
                claims.charge_amount <> coalesce(totals.charge_amount, 0)
                or claims.payment_amount <> coalesce(totals.payment_amount, 0)
                or claims.adjustment_amount <> coalesce(totals.adjustment_amount, 0)
            )
        )
        or (
            claims.claim_status = 'closed'
            and claims.outstanding_amount <> claims.reported_outstanding_amount
        )
)

select differing.*
from differing
cross join unattributed
where differing.claim_count > unattributed.row_count

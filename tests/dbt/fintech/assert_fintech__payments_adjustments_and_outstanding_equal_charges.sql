-- To the cent. What is outstanding comes from the billing system, not from the difference of the
-- others. A row in quarantine that names no claim can be missing from any one claim, so as many are
-- let pass.
with

claims as (
    select *
    from {{ ref('fct_fintech__claims') }}
    where is_complete
),

unattributed as (
    select coalesce(sum(missing_transaction_count), 0) as row_count
    from {{ ref('silver_fintech__claim_deliveries') }}
    where claim_id is null
),

unbalanced as (
    select
        claim_id,
        charge_amount,
        payment_amount,
        adjustment_amount,
        outstanding_amount,
        count(*) over () as claim_count
    from claims
    where
        charge_count = 0
        or payment_amount + adjustment_amount + outstanding_amount <> charge_amount
        or payer_payment_amount + patient_payment_amount <> payment_amount
)

select unbalanced.*
from unbalanced
cross join unattributed
where unbalanced.claim_count > unattributed.row_count

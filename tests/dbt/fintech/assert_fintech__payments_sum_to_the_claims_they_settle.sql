with

claims as (
    select
        claim_id,
        payment_amount
    from {{ ref('fct_fintech__claims') }}
),

paid as (
    select
        claim_id,
        sum(payment_amount) as payment_amount
    from {{ ref('fct_fintech__payments') }}
    group by claim_id
)

select
    claims.claim_id,
    claims.payment_amount,
    paid.payment_amount as paid_amount
from claims
left join paid on claims.claim_id = paid.claim_id
where claims.payment_amount <> coalesce(paid.payment_amount, 0)

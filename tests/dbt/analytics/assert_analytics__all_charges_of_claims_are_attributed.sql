-- To the cent: the same claims are counted by site and month, and by condition and year.
with

claims as (
    select
        coalesce(sum(charge_amount), 0) as charge_amount,
        coalesce(sum(payment_amount), 0) as payment_amount,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('fct_fintech__claims') }}
),

sites as (
    select
        coalesce(sum(charge_amount), 0) as charge_amount,
        coalesce(sum(collected_amount), 0) as payment_amount,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('silver_analytics__site_months') }}
),

conditions as (
    select
        coalesce(sum(charge_amount), 0) as charge_amount,
        coalesce(sum(payer_payment_amount + patient_payment_amount), 0) as payment_amount,
        coalesce(sum(outstanding_amount), 0) as outstanding_amount
    from {{ ref('silver_analytics__condition_costs') }}
),

attributed as (
    select
        'site_performance' as product,
        *
    from sites
    union all
    select
        'cost_of_care_by_condition' as product,
        *
    from conditions
)

select
    attributed.product,
    attributed.charge_amount,
    claims.charge_amount as claimed_charge_amount,
    attributed.payment_amount,
    claims.payment_amount as claimed_payment_amount,
    attributed.outstanding_amount,
    claims.outstanding_amount as claimed_outstanding_amount
from attributed
cross join claims
where
    attributed.charge_amount <> claims.charge_amount
    or attributed.payment_amount <> claims.payment_amount
    or attributed.outstanding_amount <> claims.outstanding_amount

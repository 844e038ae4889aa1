-- Per patient: the last balance of the account is what the claims say is outstanding. Patients with
-- an incomplete claim, or a claim in quarantine, are left out.
with

accounts as (
    select
        patient_key,
        claim_id,
        entry_number,
        account_balance_amount
    from {{ ref('fct_fintech__patient_accounts') }}
),

claims as (
    select
        claim_id,
        patient_key,
        outstanding_amount,
        is_complete
    from {{ ref('fct_fintech__claims') }}
),

unattributed as (
    select coalesce(sum(missing_transaction_count), 0) as row_count
    from {{ ref('silver_fintech__claim_deliveries') }}
    where claim_id is null
),

balances as (
    select
        accounts.patient_key,
        max_by(accounts.account_balance_amount, accounts.entry_number) as account_balance_amount,
        bool_and(coalesce(claims.is_complete, false)) as is_complete
    from accounts
    left join claims on accounts.claim_id = claims.claim_id
    group by accounts.patient_key
),

owed as (
    select
        patient_key,
        sum(outstanding_amount) as outstanding_amount
    from claims
    group by patient_key
),

differing as (
    select
        balances.patient_key,
        balances.account_balance_amount,
        owed.outstanding_amount,
        count(*) over () as patient_count
    from balances
    left join owed on balances.patient_key = owed.patient_key
    where
        balances.is_complete
        and balances.account_balance_amount is distinct from owed.outstanding_amount
)

select differing.*
from differing
cross join unattributed
where differing.patient_count > unattributed.row_count

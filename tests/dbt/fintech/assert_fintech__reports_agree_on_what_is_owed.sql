-- The statement's last closing balances, the last balances of all accounts, and the arrears by age
-- and by patient are four ways to the same sum. Arrears know only what is posted by the day of the
-- report.
with

statements as (
    select sum(last_amount) as amount
    from (
        select max_by(closing_receivable_amount, statement_month) as last_amount
        from {{ ref('agg_fintech__monthly_statement') }}
        group by payer_kind
    )
),

accounts as (
    select sum(last_amount) as amount
    from (
        select max_by(account_balance_amount, entry_number) as last_amount
        from {{ ref('fct_fintech__patient_accounts') }}
        group by patient_key
    )
),

posted_later as (
    select coalesce(sum(entry_amount), 0) as amount
    from {{ ref('fct_fintech__patient_accounts') }}
    where cast(posted_at at time zone 'UTC' as date) > {{ as_of_date() }}
),

arrears as (
    select sum(outstanding_amount) as amount
    from {{ ref('agg_fintech__outstanding_credit') }}
),

patients as (
    select sum(outstanding_amount) as amount
    from {{ ref('agg_fintech__patient_balances') }}
)

select
    statements.amount as statement_amount,
    accounts.amount as account_amount,
    posted_later.amount as posted_later_amount,
    arrears.amount as arrears_amount,
    patients.amount as patient_amount
from statements
cross join accounts
cross join posted_later
cross join arrears
cross join patients
where
    statements.amount <> accounts.amount
    or arrears.amount + posted_later.amount <> accounts.amount
    or patients.amount <> arrears.amount

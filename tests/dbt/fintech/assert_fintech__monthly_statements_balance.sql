with

statements as (
    select
        *,
        lag(closing_receivable_amount, 1, decimal '0.00') over chain as previous_closing_amount,
        lag(statement_month) over chain as previous_month
    from {{ ref('agg_fintech__monthly_statement') }}
    window chain as (
        partition by payer_kind
        order by statement_month
    )
)

select
    statement_month,
    payer_kind,
    opening_receivable_amount,
    closing_receivable_amount,
    previous_closing_amount,
    previous_month
from statements
where
    opening_receivable_amount + charge_amount - payment_amount - adjustment_amount + transfer_amount
    <> closing_receivable_amount
    or opening_receivable_amount <> previous_closing_amount
    or date_add('month', 1, previous_month) <> statement_month

with

ledger_entries as (
    select
        cast(date_trunc('month', posted_at at time zone 'UTC') as date) as statement_month,
        responsible_payer_kind,
        charge_amount,
        payment_amount,
        adjustment_amount,
        transfer_amount,
        entry_amount
    from {{ ref('silver_fintech__ledger_entries') }}
),

turnover as (
    select
        statement_month,
        responsible_payer_kind,
        sum(charge_amount) as charge_amount,
        sum(payment_amount) as payment_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(transfer_amount) as transfer_amount,
        sum(entry_amount) as entry_amount
    from ledger_entries
    group by statement_month, responsible_payer_kind
),

span as (
    select
        sequence(
            min(statement_month),
            greatest(
                max(statement_month), cast(date_trunc('month', {{ as_of_date() }}) as date)
            ),
            interval '1' month
        ) as statement_months
    from turnover
),

kinds as (
    select distinct responsible_payer_kind as payer_kind
    from turnover
),

-- Months in which nothing happened have a statement too: the balance stands.
months as (
    select
        calendar.statement_month,
        kinds.payer_kind
    from span
    cross join unnest(span.statement_months) as calendar (statement_month)
    cross join kinds
),

closed as (
    select
        months.statement_month,
        months.payer_kind,
        coalesce(turnover.charge_amount, 0) as charge_amount,
        coalesce(turnover.payment_amount, 0) as payment_amount,
        coalesce(turnover.adjustment_amount, 0) as adjustment_amount,
        coalesce(turnover.transfer_amount, 0) as transfer_amount,
        sum(coalesce(turnover.entry_amount, 0)) over (
            partition by months.payer_kind
            order by months.statement_month
            rows unbounded preceding
        ) as closing_amount
    from months
    left join turnover
        on
            months.statement_month = turnover.statement_month
            and months.payer_kind = turnover.responsible_payer_kind
),

final as (
    select
        payer_kind,
        cast(
            lag(closing_amount, 1, 0) over (partition by payer_kind order by statement_month)
            as decimal(18, 2)
        ) as opening_receivable_amount,
        cast(charge_amount as decimal(18, 2)) as charge_amount,
        cast(payment_amount as decimal(18, 2)) as payment_amount,
        cast(adjustment_amount as decimal(18, 2)) as adjustment_amount,
        cast(transfer_amount as decimal(18, 2)) as transfer_amount,
        cast(closing_amount as decimal(18, 2)) as closing_receivable_amount,
        'USD' as currency_code,
        statement_month
    from closed
)

select * from final

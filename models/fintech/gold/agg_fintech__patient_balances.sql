with

ledger_entries as (
    select
        patient_key,
        claim_id,
        entry_type,
        payment_method,
        charge_amount,
        payment_amount,
        adjustment_amount,
        cast(posted_at at time zone 'UTC' as date) as posted_date,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
    where cast(posted_at at time zone 'UTC' as date) <= {{ as_of_date() }}
),

open_balances as (
    select
        patient_key,
        responsible_party,
        age_bucket,
        outstanding_amount
    from {{ ref('silver_fintech__open_balances') }}
),

turnover as (
    select
        patient_key,
        count(distinct claim_id) as claim_count,
        sum(charge_amount) as charge_amount,
        sum(payment_amount) as payment_amount,
        sum(if(payment_method <> 'electronic_check', payment_amount, 0)) as patient_payment_amount,
        sum(adjustment_amount) as adjustment_amount,
        max(if(entry_type = 'payment', posted_date)) as last_payment_date,
        max(_loaded_at) as _loaded_at
    from ledger_entries
    group by patient_key
),

arrears as (
    select
        patient_key,
        sum(outstanding_amount) as outstanding_amount,
        sum(if(responsible_party = 'patient', outstanding_amount, 0)) as patient_outstanding_amount,
        sum(if(age_bucket = '0-30', outstanding_amount, 0)) as outstanding_0_30_amount,
        sum(if(age_bucket = '31-60', outstanding_amount, 0)) as outstanding_31_60_amount,
        sum(if(age_bucket = '61-90', outstanding_amount, 0)) as outstanding_61_90_amount,
        sum(if(age_bucket = '91-180', outstanding_amount, 0)) as outstanding_91_180_amount,
        sum(if(age_bucket = '181+', outstanding_amount, 0)) as outstanding_over_180_amount
    from open_balances
    group by patient_key
),

payment_years as (
    select
        patient_key,
        charge_amount,
        payment_amount,
        date_trunc('year', last_payment_date) as last_payment_date
    from turnover
),

{{ shown_in_groups(
    'payment_years', ['last_payment_date'], sensitive=['charge_amount', 'payment_amount']
) }},

final as (
    select
        turnover.patient_key,
        turnover.claim_count,
        cast(turnover.charge_amount as decimal(18, 2)) as charge_amount,
        cast(turnover.payment_amount as decimal(18, 2)) as payment_amount,
        cast(turnover.patient_payment_amount as decimal(18, 2)) as patient_payment_amount,
        cast(turnover.adjustment_amount as decimal(18, 2)) as adjustment_amount,
        {% for column in [
            'outstanding_amount',
            'patient_outstanding_amount',
            'outstanding_0_30_amount',
            'outstanding_31_60_amount',
            'outstanding_61_90_amount',
            'outstanding_91_180_amount',
            'outstanding_over_180_amount',
        ] -%}
        cast(coalesce(arrears.{{ column }}, 0) as decimal(18, 2)) as {{ column }},
        {% endfor -%}
        'USD' as currency_code,
        if(shown.shows_last_payment_date, shown.last_payment_date) as last_payment_date,
        {{ as_of_date() }} as as_of_date,
        turnover._loaded_at
    from turnover
    inner join shown on turnover.patient_key = shown.patient_key
    left join arrears on turnover.patient_key = arrears.patient_key
)

select * from final

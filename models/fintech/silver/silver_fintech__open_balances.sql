with

ledger_entries as (
    select
        patient_key,
        claim_id,
        line_number,
        responsible_party,
        responsible_payer_id,
        responsible_payer_kind,
        entry_amount,
        service_started_at,
        posted_at,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
),

-- What is posted after the day of the report is not known on that day.
balances as (
    select
        patient_key,
        claim_id,
        line_number,
        responsible_party,
        responsible_payer_id,
        responsible_payer_kind,
        sum(entry_amount) as outstanding_amount,
        min(cast(service_started_at at time zone 'UTC' as date)) as service_date,
        max(_loaded_at) as _loaded_at
    from ledger_entries
    where cast(posted_at at time zone 'UTC' as date) <= {{ as_of_date() }}
    group by
        patient_key,
        claim_id,
        line_number,
        responsible_party,
        responsible_payer_id,
        responsible_payer_kind
    having sum(entry_amount) <> 0
),

aged as (
    select
        *,
        date_diff('day', service_date, {{ as_of_date() }}) as age_days
    from balances
),

final as (
    select
        patient_key,
        claim_id,
        responsible_payer_id,
        line_number,
        responsible_party,
        responsible_payer_kind,
        case
            when age_days <= 30 then '0-30'
            when age_days <= 60 then '31-60'
            when age_days <= 90 then '61-90'
            when age_days <= 180 then '91-180'
            else '181+'
        end as age_bucket,
        age_days,
        cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
        service_date,
        _loaded_at
    from aged
)

select * from final

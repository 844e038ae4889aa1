with

open_balances as (
    select
        responsible_payer_kind,
        age_bucket,
        outstanding_amount
    from {{ ref('silver_fintech__open_balances') }}
),

-- Every cell of the report is there, so that an empty one reads as zero and not as missing.
cells as (
    select
        kinds.payer_kind,
        buckets.age_bucket,
        buckets.bucket_number
    from unnest(array['government', 'private', 'patient', 'unknown']) as kinds (payer_kind)
    cross join unnest(
        array['0-30', '31-60', '61-90', '91-180', '181+']
    ) with ordinality as buckets (age_bucket, bucket_number)
),

totals as (
    select
        responsible_payer_kind,
        age_bucket,
        count(*) as open_balance_count,
        sum(outstanding_amount) as outstanding_amount
    from open_balances
    group by responsible_payer_kind, age_bucket
),

final as (
    select
        cells.payer_kind,
        cells.age_bucket,
        cast(cells.bucket_number as integer) as bucket_number,
        coalesce(totals.open_balance_count, 0) as open_balance_count,
        cast(coalesce(totals.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
        'USD' as currency_code,
        {{ as_of_date() }} as as_of_date
    from cells
    left join totals
        on
            cells.payer_kind = totals.responsible_payer_kind
            and cells.age_bucket = totals.age_bucket
)

select * from final

{{ config(properties=iceberg_table(
    partitioned_by=['year(service_started_at)'], sorted_by=['patient_key']
)) }}

with

claims as (
    select *
    from {{ ref('silver_fintech__claims') }}
),

departments as (
    select
        department_code,
        department
    from {{ ref('reference_fintech__departments') }}
),

payers as (
    select
        payer_id,
        payer_kind
    from {{ ref('silver_fintech__payers') }}
),

deliveries as (
    select
        claim_id,
        missing_transaction_count
    from {{ ref('silver_fintech__claim_deliveries') }}
),

ledger_entries as (
    select
        claim_id,
        entry_type,
        payment_method,
        charge_amount,
        payment_amount,
        adjustment_amount,
        transfer_amount,
        reported_line_balance_amount,
        is_last_of_line,
        _loaded_at
    from {{ ref('silver_fintech__ledger_entries') }}
),

totals as (
    select
        claim_id,
        count_if(entry_type = 'charge') as charge_count,
        sum(charge_amount) as charge_amount,
        sum(payment_amount) as payment_amount,
        sum(if(payment_method = 'electronic_check', payment_amount, 0)) as payer_payment_amount,
        sum(if(payment_method <> 'electronic_check', payment_amount, 0)) as patient_payment_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(if(entry_type = 'transfer_in', transfer_amount, 0)) as transferred_amount,
        -- What the billing system says is left on each line after its last transaction, not the
        -- difference of the columns above: the two are held against each other by a test.
        sum(if(is_last_of_line, reported_line_balance_amount, 0)) as outstanding_amount,
        max(_loaded_at) as _loaded_at
    from ledger_entries
    group by claim_id
),

final as (
    select
        claims.claim_id,
        claims.patient_key,
        claims.encounter_id,
        claims.provider_id,
        claims.primary_payer_id,
        claims.secondary_payer_id,
        coalesce(departments.department, 'other') as department,
        claims.claim_type,
        claims.claim_status,
        case
            when claims.primary_payer_id is null then 'patient'
            else coalesce(payers.payer_kind, 'unknown')
        end as payer_kind,
        coalesce(totals.charge_count, 0) as charge_count,
        cast(coalesce(totals.charge_amount, 0) as decimal(18, 2)) as charge_amount,
        cast(coalesce(totals.payment_amount, 0) as decimal(18, 2)) as payment_amount,
        cast(coalesce(totals.payer_payment_amount, 0) as decimal(18, 2)) as payer_payment_amount,
        cast(
            coalesce(totals.patient_payment_amount, 0) as decimal(18, 2)
        ) as patient_payment_amount,
        cast(coalesce(totals.adjustment_amount, 0) as decimal(18, 2)) as adjustment_amount,
        cast(coalesce(totals.transferred_amount, 0) as decimal(18, 2)) as transferred_amount,
        cast(coalesce(totals.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
        claims.reported_outstanding_amount,
        'USD' as currency_code,
        coalesce(deliveries.missing_transaction_count, 0) = 0 as is_complete,
        claims.service_started_at,
        claims.last_billed_at,
        greatest(claims._loaded_at, coalesce(totals._loaded_at, claims._loaded_at)) as _loaded_at
    from claims
    left join totals on claims.claim_id = totals.claim_id
    left join departments on claims.department_code = departments.department_code
    left join payers on claims.primary_payer_id = payers.payer_id
    left join deliveries on claims.claim_id = deliveries.claim_id
)

select * from final

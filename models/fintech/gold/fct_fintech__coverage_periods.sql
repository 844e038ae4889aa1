with

coverage_periods as (
    select *
    from {{ ref('silver_fintech__coverage_periods') }}
),

payers as (
    select
        payer_id,
        payer_kind
    from {{ ref('silver_fintech__payers') }}
),

final as (
    select
        coverage_periods.coverage_period_key,
        coverage_periods.patient_key,
        coverage_periods.payer_id,
        coverage_periods.secondary_payer_id,
        coalesce(payers.payer_kind, 'unknown') as payer_kind,
        coverage_periods.plan_holder,
        coalesce(payers.payer_kind, 'unknown') <> 'uninsured' as is_insured,
        coverage_periods.secondary_payer_id is not null as has_secondary_payer,
        coverage_periods.started_at,
        coverage_periods.ended_at,
        coverage_periods._loaded_at
    from coverage_periods
    left join payers on coverage_periods.payer_id = payers.payer_id
)

select * from final

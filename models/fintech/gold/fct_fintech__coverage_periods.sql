-- A plan year begins on the patient's birthday, so the product says years, not days, and the key is
-- made from what it says.
with

coverage_periods as (
    select
        *,
        {{ year_of('started_at') }} as started_year,
        row_number() over (
            partition by patient_key, {{ year_of('started_at') }}
            order by started_at
        ) as period_number
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
        {{ surrogate_key([
            'coverage_periods.patient_key',
            'coverage_periods.started_year',
            'coverage_periods.period_number',
        ], 'fintech') }} as coverage_period_key,
        coverage_periods.patient_key,
        coverage_periods.payer_id,
        coverage_periods.secondary_payer_id,
        coalesce(payers.payer_kind, 'unknown') as payer_kind,
        coverage_periods.plan_holder,
        coverage_periods.started_year,
        {{ year_of('coverage_periods.ended_at') }} as ended_year,
        coalesce(payers.payer_kind, 'unknown') <> 'uninsured' as is_insured,
        coverage_periods.secondary_payer_id is not null as has_secondary_payer,
        coverage_periods._loaded_at
    from coverage_periods
    left join payers on coverage_periods.payer_id = payers.payer_id
)

select * from final

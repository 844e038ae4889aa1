with

payers as (
    select *
    from {{ ref('silver_fintech__payers') }}
),

final as (
    select
        payer_id,
        payer_name,
        payer_kind,
        covered_amount,
        uncovered_amount,
        revenue_amount as premium_amount,
        'USD' as currency_code,
        covered_encounter_count,
        uncovered_encounter_count,
        covered_medication_count,
        uncovered_medication_count,
        covered_procedure_count,
        uncovered_procedure_count,
        covered_immunization_count,
        uncovered_immunization_count,
        member_count,
        member_month_count,
        payer_kind <> 'uninsured' as is_insurer,
        _loaded_at
    from payers
)

select * from final

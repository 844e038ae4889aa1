with

payers as (
    select *
    from {{ ref('bronze_fintech__synthea_payers') }}
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        row_number() over (
            partition by payer_id
            order by _loaded_at desc, _row_number desc
        ) as _version
    from payers
),

final as (
    select
        payer_id,
        payer_name,
        case ownership
            when 'GOVERNMENT' then 'government'
            when 'PRIVATE' then 'private'
            when 'NO_INSURANCE' then 'uninsured'
        end as payer_kind,
        state,
        covered_amount,
        uncovered_amount,
        revenue_amount,
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
        average_quality_of_life_score,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

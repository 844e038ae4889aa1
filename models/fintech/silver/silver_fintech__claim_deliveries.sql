with

transactions as (
    select
        transaction_id,
        claim_id,
        transaction_type,
        procedure_code,
        service_started_at,
        _landed_at
    from {{ ref('silver_fintech__claim_transactions') }}
),

landed as (
    select
        transaction_id,
        claim_id,
        patient_id,
        _rejection_reasons,
        _loaded_at
    from {{ ref('bronze_fintech__synthea_claims_transactions') }}
),

keys as (
    select patient_id
    from {{ ref('identity_patients__keys') }}
    where domain = 'fintech'
),

-- The source numbers transactions over the whole export, and their identifiers come from these
-- numbers. So an export of more patients gives the same claim again under other identifiers. It
-- shows by the same charge in two batches; without this, every amount would count twice.
charges_given_again as (
    select
        claim_id,
        max(_landed_at) as restated_at
    from transactions
    where transaction_type = 'CHARGE'
    group by claim_id, procedure_code, service_started_at
    having min(_landed_at) < max(_landed_at)
),

restated as (
    select
        claim_id,
        max(restated_at) as restated_at
    from charges_given_again
    group by claim_id
),

-- A row that a later batch corrected, or whose claim was given again since, is not missing.
missing as (
    select
        landed.claim_id,
        count(*) as missing_transaction_count
    from landed
    left join keys on landed.patient_id = keys.patient_id
    left join transactions on landed.transaction_id = transactions.transaction_id
    left join restated on landed.claim_id = restated.claim_id
    where
        (cardinality(landed._rejection_reasons) > 0 or keys.patient_id is null)
        and transactions.transaction_id is null
        and (restated.restated_at is null or landed._loaded_at >= restated.restated_at)
    group by landed.claim_id
),

final as (
    select
        coalesce(missing.claim_id, restated.claim_id) as claim_id,
        coalesce(missing.missing_transaction_count, 0) as missing_transaction_count,
        restated.restated_at
    from missing
    full outer join restated on missing.claim_id = restated.claim_id
)

select * from final

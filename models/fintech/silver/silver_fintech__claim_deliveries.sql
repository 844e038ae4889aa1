with

transactions as (
    select
        transaction_id,
        claim_id,
        transaction_type,
        procedure_code,
        service_started_at
    from {{ ref('silver_fintech__claim_transactions') }}
),

landed as (
    select
        transaction_id,
        claim_id,
        patient_id,
        transaction_type,
        _rejection_reasons,
        _loaded_at
    from {{ ref('bronze_fintech__synthea_claims_transactions') }}
),

keys as (
    select patient_id
    from {{ ref('identity_patients__keys') }}
    where domain = 'fintech'
),

-- An identifier may mean a charge in one export and a payment of the same claim in the next.
first_landings as (
    select
        claim_id,
        transaction_id,
        transaction_type,
        min(_loaded_at) as first_landed_at
    from landed
    group by claim_id, transaction_id, transaction_type
),

landings as (
    select
        claim_id,
        _loaded_at as landed_at,
        count(*) as transaction_count
    from landed
    group by claim_id, _loaded_at
),

-- A landing that brings at least as many transactions as each before brings the whole claim.
whole_landings as (
    select
        *,
        transaction_count >= coalesce(
            max(transaction_count) over (
                partition by claim_id
                order by landed_at
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as is_whole
    from landings
),

charges as (
    select
        transactions.claim_id,
        first_landings.first_landed_at,
        min(first_landings.first_landed_at) over (
            partition by
                transactions.claim_id,
                transactions.procedure_code,
                transactions.service_started_at
        ) as first_charged_at
    from transactions
    inner join first_landings
        on
            transactions.claim_id = first_landings.claim_id
            and transactions.transaction_id = first_landings.transaction_id
            and transactions.transaction_type = first_landings.transaction_type
    where transactions.transaction_type = 'CHARGE'
),

-- The source numbers transactions over the whole export, and their identifiers come from these
-- numbers. So an export of more patients gives the same claim again under other identifiers. It
-- shows by the same charge in two landings, the later one whole; without this, every amount would
-- count twice. A correction keeps its identifier, and one more equal charge is not the whole claim.
restated as (
    select
        charges.claim_id,
        max(charges.first_landed_at) as restated_at
    from charges
    inner join whole_landings
        on
            charges.claim_id = whole_landings.claim_id
            and charges.first_landed_at = whole_landings.landed_at
    where charges.first_landed_at > charges.first_charged_at and whole_landings.is_whole
    group by charges.claim_id
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

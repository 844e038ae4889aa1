with

claims as (
    select * from {{ ref('bronze_fintech__synthea_claims') }}
),

transactions as (
    select * from {{ ref('bronze_fintech__synthea_claims_transactions') }}
),

payers as (
    select * from {{ ref('bronze_fintech__synthea_payers') }}
),

transitions as (
    select * from {{ ref('bronze_fintech__synthea_payer_transitions') }}
),

identities as (
    select patient_id
    from {{ ref('identity_patients__keys') }}
    where domain = 'fintech'
),

final as (
    {{ quarantined_rows(
        'claims', 'synthea_claims', record_id='claim_id', identities='identities',
    ) }}
    union all
    {{ quarantined_rows(
        'transactions', 'synthea_claims_transactions',
        record_id='transaction_id', identities='identities',
    ) }}
    union all
    {{ quarantined_rows('payers', 'synthea_payers', record_id='payer_id') }}
    union all
    -- A plan year has no identifier of its own, only the patient's.
    {{ quarantined_rows('transitions', 'synthea_payer_transitions', identities='identities') }}
)

select * from final

-- A claim in quarantine explains the entries on it. One that lost its identifier there can be any
-- claim.
with

entries as (
    select distinct claim_id
    from {{ ref('fct_fintech__patient_accounts') }}
),

claims as (
    select claim_id
    from {{ ref('fct_fintech__claims') }}
),

quarantined as (
    select record_id
    from {{ ref('silver_fintech__quarantined_rows') }}
    where source_table = 'synthea_claims'
),

unknown_claims as (
    select
        entries.claim_id,
        count(*) over () as claim_count
    from entries
    left join claims on entries.claim_id = claims.claim_id
    left join quarantined on entries.claim_id = quarantined.record_id
    where claims.claim_id is null and quarantined.record_id is null
),

unnamed as (
    select count(*) as row_count
    from quarantined
    where record_id is null
)

select unknown_claims.*
from unknown_claims
cross join unnamed
where unknown_claims.claim_count > unnamed.row_count

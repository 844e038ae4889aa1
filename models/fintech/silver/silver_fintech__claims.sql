{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='claim_id',
    on_schema_change='append_new_columns',
) }}

with

claims as (
    select *
    from {{ ref('bronze_fintech__synthea_claims') }}
    where cardinality(_rejection_reasons) = 0
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'fintech'
),

known as (
    select
        claims.claim_id,
        keys.patient_key,
        claims.encounter_id,
        claims.provider_id,
        claims.primary_payer_id,
        claims.secondary_payer_id,
        claims.department_code,
        claims.primary_claim_type_code,
        claims.primary_status,
        claims.patient_status,
        claims.primary_outstanding_amount,
        claims.patient_outstanding_amount,
        claims.service_started_at,
        claims.primary_last_billed_at,
        claims.patient_last_billed_at,
        claims._batch_id,
        claims._row_number,
        claims._loaded_at as _landed_at,
        greatest(claims._loaded_at, keys._loaded_at) as _loaded_at
    from claims
    inner join keys on claims.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['claim_id']) }} as _version
    from known
    where {{ touched('known', 'claim_id') }}
),

final as (
    select
        claim_id,
        patient_key,
        encounter_id,
        provider_id,
        primary_payer_id,
        secondary_payer_id,
        department_code,
        case primary_claim_type_code
            when '1' then 'professional'
            when '2' then 'institutional'
            else 'unknown'
        end as claim_type,
        if(
            primary_status = 'CLOSED' and patient_status = 'CLOSED',
            'closed',
            'billed'
        ) as claim_status,
        -- The second payer's figure is left out: the source fills it only where there is no second
        -- payer, with the first payer's figure once more.
        cast(
            primary_outstanding_amount + patient_outstanding_amount
            as decimal(18, 2)
        ) as reported_outstanding_amount,
        service_started_at,
        greatest(
            primary_last_billed_at, patient_last_billed_at
        ) as last_billed_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

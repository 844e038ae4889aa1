{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='transaction_id',
    on_schema_change='append_new_columns',
) }}

with

transactions as (
    select *
    from {{ ref('bronze_fintech__synthea_claims_transactions') }}
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
        transactions.transaction_id,
        keys.patient_key,
        transactions.claim_id,
        transactions.sequence_number,
        transactions.transfer_out_sequence_number,
        transactions.transaction_type,
        transactions.payment_method,
        transactions.responsible_party_code,
        transactions.procedure_code,
        transactions.charge_or_transfer_amount,
        transactions.payment_amount,
        transactions.adjustment_amount,
        transactions.transfer_amount,
        transactions.outstanding_amount,
        transactions.service_started_at,
        transactions._batch_id,
        transactions._row_number,
        transactions._loaded_at as _landed_at,
        greatest(transactions._loaded_at, keys._loaded_at) as _loaded_at
    from transactions
    inner join keys on transactions.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['transaction_id']) }} as _version
    from known
    where {{ touched('known', 'transaction_id') }}
),

final as (
    select
        transaction_id,
        patient_key,
        claim_id,
        sequence_number,
        transfer_out_sequence_number,
        transaction_type,
        payment_method,
        responsible_party_code,
        procedure_code,
        if(transaction_type = 'CHARGE', charge_or_transfer_amount, decimal '0.00') as charge_amount,
        payment_amount,
        adjustment_amount,
        case transaction_type
            when 'TRANSFERIN' then transfer_amount
            when 'TRANSFEROUT' then -transfer_amount
            else decimal '0.00'
        end as transfer_amount,
        -- The source computes what is left only from the first payment on; a charge has 0.00.
        if(
            transaction_type = 'CHARGE', charge_or_transfer_amount, outstanding_amount
        ) as outstanding_amount,
        service_started_at,
        _landed_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

with

transactions as (
    select *
    from {{ ref('silver_fintech__claim_transactions') }}
),

deliveries as (
    select
        claim_id,
        restated_at
    from {{ ref('silver_fintech__claim_deliveries') }}
    where restated_at is not null
),

claims as (
    select
        claim_id,
        primary_payer_id,
        secondary_payer_id,
        last_billed_at
    from {{ ref('silver_fintech__claims') }}
),

payers as (
    select
        payer_id,
        payer_kind
    from {{ ref('silver_fintech__payers') }}
),

-- A line is one charge and what follows on it. The source does not number lines; all transactions
-- of a line carry its procedure and time, and a second charge of the same kind begins a new line.
occurrences as (
    select
        transactions.*,
        greatest(
            count_if(transactions.transaction_type = 'CHARGE') over (
                partition by
                    transactions.claim_id,
                    transactions.procedure_code,
                    transactions.service_started_at
                order by transactions.sequence_number
                rows unbounded preceding
            ),
            1
        ) as occurrence
    from transactions
    left join deliveries on transactions.claim_id = deliveries.claim_id
    where deliveries.restated_at is null or transactions._landed_at >= deliveries.restated_at
),

lines as (
    select
        *,
        min(sequence_number) over (
            partition by claim_id, procedure_code, service_started_at, occurrence
        ) as line_sequence_number
    from occurrences
),

-- Only charges and transfers in say who owes from there on.
parties as (
    select
        *,
        dense_rank() over (partition by claim_id order by line_sequence_number) as line_number,
        last_value(responsible_party_code) ignore nulls over (
            partition by claim_id, line_sequence_number
            order by sequence_number
            rows unbounded preceding
        ) as party_code,
        max(if(transaction_type = 'CHARGE', transaction_id)) over (
            partition by claim_id, line_sequence_number
        ) as charge_id,
        row_number() over (
            partition by claim_id, line_sequence_number
            order by sequence_number desc
        ) as place_from_end,
        cast(
            charge_amount - payment_amount - adjustment_amount + transfer_amount as decimal(18, 2)
        ) as entry_amount
    from lines
),

assigned as (
    select
        parties.*,
        case parties.party_code
            when '1' then 'primary_payer'
            when '2' then 'secondary_payer'
            when 'p' then 'patient'
            else 'unknown'
        end as responsible_party,
        case parties.party_code
            when '1' then claims.primary_payer_id
            when '2' then claims.secondary_payer_id
        end as responsible_payer_id,
        -- The source has no posting date. Charges and copayments are made at the service; nothing
        -- else can happen before the claim was billed.
        if(
            parties.transaction_type = 'CHARGE' or parties.payment_method = 'COPAY',
            parties.service_started_at,
            greatest(
                parties.service_started_at,
                coalesce(claims.last_billed_at, parties.service_started_at)
            )
        ) as posted_at
    from parties
    left join claims on parties.claim_id = claims.claim_id
),

final as (
    select
        assigned.transaction_id as entry_id,
        assigned.patient_key,
        assigned.claim_id,
        assigned.charge_id,
        assigned.responsible_payer_id,
        assigned.sequence_number,
        assigned.transfer_out_sequence_number,
        cast(assigned.line_number as integer) as line_number,
        case assigned.transaction_type
            when 'TRANSFEROUT' then 'transfer_out'
            when 'TRANSFERIN' then 'transfer_in'
            else lower(assigned.transaction_type)
        end as entry_type,
        case assigned.payment_method
            when 'CC' then 'card'
            when 'ECHECK' then 'electronic_check'
            else lower(assigned.payment_method)
        end as payment_method,
        assigned.responsible_party,
        case
            when assigned.responsible_party = 'patient' then 'patient'
            else coalesce(payers.payer_kind, 'unknown')
        end as responsible_payer_kind,
        assigned.charge_amount,
        assigned.payment_amount,
        assigned.adjustment_amount,
        assigned.transfer_amount,
        assigned.entry_amount,
        cast(sum(assigned.entry_amount) over (
            partition by assigned.claim_id, assigned.line_number
            order by assigned.sequence_number
            rows unbounded preceding
        ) as decimal(18, 2)) as line_balance_amount,
        assigned.outstanding_amount as reported_line_balance_amount,
        assigned.place_from_end = 1 as is_last_of_line,
        assigned.service_started_at,
        assigned.posted_at,
        assigned._batch_id,
        assigned._loaded_at
    from assigned
    left join payers on assigned.responsible_payer_id = payers.payer_id
)

select * from final

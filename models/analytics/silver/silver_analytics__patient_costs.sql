with

encounter_costs as (
    select
        patient_key,
        encounter_class,
        claim_count,
        charge_amount,
        payer_payment_amount,
        patient_payment_amount,
        adjustment_amount,
        outstanding_amount,
        is_known_encounter,
        started_at,
        _loaded_at
    from {{ ref('silver_analytics__encounter_costs') }}
),

final as (
    select
        patient_key,
        count_if(is_known_encounter) as encounter_count,
        count_if(encounter_class = 'emergency') as emergency_encounter_count,
        count_if(encounter_class = 'inpatient') as inpatient_encounter_count,
        {{ year_of('min(started_at)') }} as first_encounter_year,
        {{ year_of('max(started_at)') }} as last_encounter_year,
        sum(claim_count) as claim_count,
        sum(charge_amount) as charge_amount,
        sum(payer_payment_amount) as payer_payment_amount,
        sum(patient_payment_amount) as patient_payment_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(outstanding_amount) as outstanding_amount,
        max(_loaded_at) as _loaded_at
    from encounter_costs
    group by patient_key
)

select * from final

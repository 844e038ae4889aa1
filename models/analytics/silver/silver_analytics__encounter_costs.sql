with

encounters as (
    select
        encounter_id,
        patient_key,
        organization_id,
        encounter_class,
        reason_code,
        reason_description,
        duration_minutes,
        started_at,
        _loaded_at
    from {{ ref('fct_medical__encounters') }}
),

conditions as (
    select
        encounter_id,
        condition_code,
        condition_description,
        is_disorder,
        onset_date
    from {{ ref('fct_medical__conditions') }}
),

claims as (
    select
        encounter_id,
        patient_key,
        charge_amount,
        payment_amount,
        payer_payment_amount,
        patient_payment_amount,
        adjustment_amount,
        outstanding_amount,
        service_started_at,
        _loaded_at
    from {{ ref('fct_fintech__claims') }}
),

crosswalk as (
    select
        medical_patient_key,
        fintech_patient_key,
        analytics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

first_disorders as (
    select
        encounter_id,
        condition_code,
        condition_description,
        row_number() over (
            partition by encounter_id
            order by onset_date, condition_code
        ) as place
    from conditions
    where is_disorder
),

encounter_claims as (
    select
        encounter_id,
        -- An encounter has one patient; this only picks the value.
        max(patient_key) as patient_key,
        count(*) as claim_count,
        sum(charge_amount) as charge_amount,
        sum(payment_amount) as payment_amount,
        sum(payer_payment_amount) as payer_payment_amount,
        sum(patient_payment_amount) as patient_payment_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(outstanding_amount) as outstanding_amount,
        min(service_started_at) as service_started_at,
        max(_loaded_at) as _loaded_at
    from claims
    group by encounter_id
),

-- A claim whose encounter could not be read keeps its money, hence the full join.
final as (
    select
        coalesce(encounters.encounter_id, encounter_claims.encounter_id) as encounter_id,
        coalesce(of_encounter.analytics_patient_key, of_claim.analytics_patient_key) as patient_key,
        encounters.organization_id as site_id,
        coalesce(encounters.encounter_class, 'unknown') as encounter_class,
        coalesce(encounters.reason_code, first_disorders.condition_code, 'unattributed')
            as condition_code,
        if(
            encounters.reason_code is not null,
            encounters.reason_description,
            first_disorders.condition_description
        ) as condition_description,
        encounters.duration_minutes,
        coalesce(encounter_claims.claim_count, 0) as claim_count,
        coalesce(encounter_claims.charge_amount, 0) as charge_amount,
        coalesce(encounter_claims.payment_amount, 0) as payment_amount,
        coalesce(encounter_claims.payer_payment_amount, 0) as payer_payment_amount,
        coalesce(encounter_claims.patient_payment_amount, 0) as patient_payment_amount,
        coalesce(encounter_claims.adjustment_amount, 0) as adjustment_amount,
        coalesce(encounter_claims.outstanding_amount, 0) as outstanding_amount,
        encounters.encounter_id is not null as is_known_encounter,
        coalesce(encounters.started_at, encounter_claims.service_started_at) as started_at,
        greatest(
            coalesce(encounters._loaded_at, encounter_claims._loaded_at),
            coalesce(encounter_claims._loaded_at, encounters._loaded_at)
        ) as _loaded_at
    from encounters
    full outer join encounter_claims on encounters.encounter_id = encounter_claims.encounter_id
    left join first_disorders
        on
            encounters.encounter_id = first_disorders.encounter_id
            and first_disorders.place = 1
    left join crosswalk as of_encounter
        on encounters.patient_key = of_encounter.medical_patient_key
    left join crosswalk as of_claim
        on encounter_claims.patient_key = of_claim.fintech_patient_key
)

select * from final

-- Patients whose row is in quarantine have no profile; what the others had must be there whole.
with

crosswalk as (
    select
        patients_patient_key,
        medical_patient_key,
        fintech_patient_key,
        logistics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

profiled as (
    select crosswalk.*
    from crosswalk
    inner join {{ ref('dim_patients__profiles') }} as profiles
        on crosswalk.patients_patient_key = profiles.patient_key
),

encounters as (
    select count(*) as encounter_count
    from {{ ref('fct_medical__encounters') }} as encounters
    inner join profiled on encounters.patient_key = profiled.medical_patient_key
),

claims as (
    select coalesce(sum(claims.charge_amount), 0) as charge_amount
    from {{ ref('fct_fintech__claims') }} as claims
    inner join profiled on claims.patient_key = profiled.fintech_patient_key
),

consumption as (
    select coalesce(sum(consumption.quantity), 0) as consumed_quantity
    from {{ ref('fct_logistics__consumption') }} as consumption
    inner join profiled on consumption.patient_key = profiled.logistics_patient_key
),

published as (
    select
        coalesce(sum(encounter_count), 0) as encounter_count,
        coalesce(sum(charge_amount), 0) as charge_amount,
        coalesce(sum(supply_quantity + device_quantity + dispense_quantity), 0)
            as consumed_quantity
    from {{ ref('dim_analytics__patient_360') }}
)

select
    encounters.encounter_count as expected_encounter_count,
    published.encounter_count as published_encounter_count,
    claims.charge_amount as expected_charge_amount,
    published.charge_amount as published_charge_amount,
    consumption.consumed_quantity as expected_consumed_quantity,
    published.consumed_quantity as published_consumed_quantity
from published
cross join encounters
cross join claims
cross join consumption
where
    encounters.encounter_count <> published.encounter_count
    or claims.charge_amount <> published.charge_amount
    or consumption.consumed_quantity <> published.consumed_quantity

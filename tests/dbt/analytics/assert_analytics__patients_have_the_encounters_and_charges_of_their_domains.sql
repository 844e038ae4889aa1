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

expected as (
    select
        (
            select count(*)
            from {{ ref('fct_medical__encounters') }} as encounters
            where encounters.patient_key in (select medical_patient_key from profiled)
        ) as encounter_count,
        (
            select coalesce(sum(charge_amount), 0)
            from {{ ref('fct_fintech__claims') }} as claims
            where claims.patient_key in (select fintech_patient_key from profiled)
        ) as charge_amount,
        (
            select coalesce(sum(quantity), 0)
            from {{ ref('fct_logistics__consumption') }} as consumption
            where consumption.patient_key in (select logistics_patient_key from profiled)
        ) as consumed_quantity
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
    expected.encounter_count as expected_encounter_count,
    published.encounter_count as published_encounter_count,
    expected.charge_amount as expected_charge_amount,
    published.charge_amount as published_charge_amount,
    expected.consumed_quantity as expected_consumed_quantity,
    published.consumed_quantity as published_consumed_quantity
from expected
cross join published
where
    expected.encounter_count <> published.encounter_count
    or expected.charge_amount <> published.charge_amount
    or expected.consumed_quantity <> published.consumed_quantity

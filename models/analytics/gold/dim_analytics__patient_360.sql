{%- set sensitive = [
    'encounter_count', 'disorder_count', 'active_disorder_count', 'prescription_count',
    'immunization_count', 'claim_count', 'charge_amount', 'payer_payment_amount',
    'patient_payment_amount', 'outstanding_amount', 'consumption_cost_amount',
] -%}
{%- set of_profile = [
    'is_deceased', 'state', 'gender', 'age_band', 'zip3_area', 'marital_status', 'death_year',
] -%}
{%- set years = ['last_encounter_year', 'first_encounter_year'] -%}
with

profiles as (
    select
        patient_key,
        age_band,
        gender,
        marital_status,
        state,
        zip3_area,
        hidden_attributes,
        hidden_attribute_count,
        is_deceased,
        death_year,
        _loaded_at
    from {{ ref('dim_patients__profiles') }}
),

crosswalk as (
    select
        patients_patient_key,
        analytics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

patient_care as (
    select
        patient_key,
        disorder_count,
        active_disorder_count,
        active_chronic_condition_count,
        prescription_count,
        active_prescription_count,
        immunization_count
    from {{ ref('silver_analytics__patient_care') }}
),

patient_costs as (
    select
        patient_key,
        encounter_count,
        emergency_encounter_count,
        inpatient_encounter_count,
        first_encounter_year,
        last_encounter_year,
        claim_count,
        charge_amount,
        payer_payment_amount,
        patient_payment_amount,
        adjustment_amount,
        outstanding_amount,
        _loaded_at
    from {{ ref('silver_analytics__patient_costs') }}
),

patient_supplies as (
    select
        patient_key,
        supply_quantity,
        device_quantity,
        dispense_quantity,
        consumption_cost_amount
    from {{ ref('silver_analytics__patient_supplies') }}
),

joined as (
    select
        crosswalk.analytics_patient_key as patient_key,
        profiles.age_band,
        profiles.gender,
        profiles.marital_status,
        profiles.state,
        profiles.zip3_area,
        profiles.hidden_attributes,
        profiles.hidden_attribute_count,
        array_join(
            array[
                profiles.age_band,
                profiles.gender,
                profiles.marital_status,
                profiles.state,
                profiles.zip3_area,
                profiles.hidden_attributes,
                cast(profiles.is_deceased as varchar),
                cast(profiles.death_year as varchar)
            ],
            '|',
            ''
        ) as profile,
        'USD' as currency_code,
        coalesce(patient_costs.encounter_count, 0) as encounter_count,
        coalesce(patient_costs.emergency_encounter_count, 0) as emergency_encounter_count,
        coalesce(patient_costs.inpatient_encounter_count, 0) as inpatient_encounter_count,
        coalesce(patient_care.disorder_count, 0) as disorder_count,
        coalesce(patient_care.active_disorder_count, 0) as active_disorder_count,
        coalesce(patient_care.active_chronic_condition_count, 0) as active_chronic_condition_count,
        coalesce(patient_care.prescription_count, 0) as prescription_count,
        coalesce(patient_care.active_prescription_count, 0) as active_prescription_count,
        coalesce(patient_care.immunization_count, 0) as immunization_count,
        cast(coalesce(patient_costs.claim_count, 0) as bigint) as claim_count,
        cast(coalesce(patient_costs.charge_amount, 0) as decimal(18, 2)) as charge_amount,
        cast(coalesce(patient_costs.payer_payment_amount, 0) as decimal(18, 2))
            as payer_payment_amount,
        cast(coalesce(patient_costs.patient_payment_amount, 0) as decimal(18, 2))
            as patient_payment_amount,
        cast(coalesce(patient_costs.adjustment_amount, 0) as decimal(18, 2)) as adjustment_amount,
        cast(coalesce(patient_costs.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
        cast(coalesce(patient_supplies.supply_quantity, 0) as bigint) as supply_quantity,
        cast(coalesce(patient_supplies.device_quantity, 0) as bigint) as device_quantity,
        cast(coalesce(patient_supplies.dispense_quantity, 0) as bigint) as dispense_quantity,
        cast(coalesce(patient_supplies.consumption_cost_amount, 0) as decimal(18, 2))
            as consumption_cost_amount,
        profiles.is_deceased,
        profiles.death_year,
        patient_costs.first_encounter_year,
        patient_costs.last_encounter_year,
        greatest(profiles._loaded_at, coalesce(patient_costs._loaded_at, profiles._loaded_at))
            as _loaded_at
    from profiles
    inner join crosswalk on profiles.patient_key = crosswalk.patients_patient_key
    left join patient_care on crosswalk.analytics_patient_key = patient_care.patient_key
    left join patient_costs on crosswalk.analytics_patient_key = patient_costs.patient_key
    left join patient_supplies on crosswalk.analytics_patient_key = patient_supplies.patient_key
),

{{ shown_in_groups('joined', ['profile'], sensitive=sensitive, shown_as='shown_profiles') }},

-- The years divide the people of one profile, never of several: who joins both products by their
-- key learns of groups that are as large.
{{ shown_in_groups('shown_profiles', years, within=['profile'], sensitive=sensitive) }},

final as (
    select
        patient_key,
        if(shows_profile, age_band) as age_band,
        if(shows_profile, gender, 'unknown') as gender,
        if(shows_profile, marital_status, 'unknown') as marital_status,
        if(shows_profile, state) as state,
        if(shows_profile, zip3_area) as zip3_area,
        if(
            shows_profile,
            array_join(
                array[nullif(hidden_attributes, ''), nullif({{ hidden_names(years) }}, '')],
                ', '
            ),
            '{{ of_profile | join(', ') }}'
            || ', {{ years | join(', ') }}'
        ) as hidden_attributes,
        if(
            shows_profile,
            hidden_attribute_count + {{ hidden_count(years) }},
            {{ (of_profile + years) | length }}
        ) as hidden_attribute_count,
        currency_code,
        encounter_count,
        emergency_encounter_count,
        inpatient_encounter_count,
        disorder_count,
        active_disorder_count,
        active_chronic_condition_count,
        prescription_count,
        active_prescription_count,
        immunization_count,
        claim_count,
        charge_amount,
        payer_payment_amount,
        patient_payment_amount,
        adjustment_amount,
        outstanding_amount,
        supply_quantity,
        device_quantity,
        dispense_quantity,
        consumption_cost_amount,
        shows_profile and is_deceased as is_deceased,
        if(shows_profile, death_year) as death_year,
        if(shows_profile and shows_first_encounter_year, first_encounter_year)
            as first_encounter_year,
        if(shows_profile and shows_last_encounter_year, last_encounter_year)
            as last_encounter_year,
        _loaded_at
    from shown
)

select * from final

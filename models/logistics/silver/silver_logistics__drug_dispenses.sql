-- A prescription names how often it was dispensed, not when. The dispenses are spread evenly from its
-- start to its end, and every 30 days where it has not ended. A number too large to be true is not
-- dropped: what exceeds the spread falls on the first day.
{% set most_dispenses_spread = 2000 %}

with

prescriptions as (
    select
        prescription_key,
        patient_key,
        encounter_id,
        drug_code,
        drug_description,
        dispense_count,
        started_at,
        stopped_at,
        _loaded_at
    from {{ ref('fct_medical__prescriptions') }}
    where dispense_count > 0
),

crosswalk as (
    select
        medical_patient_key,
        logistics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

scheduled as (
    select
        *,
        least(dispense_count, {{ most_dispenses_spread }}) as spread_count,
        if(
            stopped_at is null,
            30 * 24 * 60,
            date_diff('minute', started_at, stopped_at)
            / least(dispense_count, {{ most_dispenses_spread }})
        ) as interval_minutes
    from prescriptions
),

final as (
    select
        {{ surrogate_key(
            ['scheduled.prescription_key', 'dispense.dispense_number']
        ) }} as drug_dispense_key,
        scheduled.prescription_key,
        crosswalk.logistics_patient_key as patient_key,
        scheduled.encounter_id,
        scheduled.drug_code as item_code,
        scheduled.drug_description as item_name,
        dispense.dispense_number,
        if(
            dispense.dispense_number = 1,
            scheduled.dispense_count - scheduled.spread_count + 1,
            1
        ) as quantity,
        cast(
            date_add(
                'minute',
                (dispense.dispense_number - 1) * scheduled.interval_minutes,
                scheduled.started_at
            ) as date
        ) as dispensed_date,
        scheduled._loaded_at
    from scheduled
    inner join crosswalk on scheduled.patient_key = crosswalk.medical_patient_key
    cross join unnest(sequence(1, scheduled.spread_count)) as dispense (dispense_number)
)

select * from final

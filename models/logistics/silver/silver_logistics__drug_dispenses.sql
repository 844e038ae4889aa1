-- A prescription names how often it was dispensed, not when. The dispenses are spread evenly from
-- its start to its end; where it has not ended, every 30 days, or closer so that none falls after
-- the last encounter known. A number too large to be true is not dropped: what exceeds the spread
-- falls on the first day.
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

encounters as (
    select started_at
    from {{ ref('fct_medical__encounters') }}
),

history as (
    select max(started_at) as ended_at from encounters
),

counted as (
    select
        prescriptions.*,
        least(prescriptions.dispense_count, {{ most_dispenses_spread }}) as spread_count,
        greatest(
            date_diff(
                'minute',
                prescriptions.started_at,
                coalesce(prescriptions.stopped_at, history.ended_at)
            ),
            0
        ) as known_minutes
    from prescriptions
    cross join history
),

scheduled as (
    select
        *,
        if(
            stopped_at is null,
            least(coalesce(known_minutes / spread_count, 30 * 24 * 60), 30 * 24 * 60),
            known_minutes / spread_count
        ) as interval_minutes
    from counted
),

final as (
    select
        {{ surrogate_key(
            ['scheduled.prescription_key', 'dispense.dispense_number'], 'logistics'
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

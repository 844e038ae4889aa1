-- Features are counted in many places; the plainest of them is checked against the encounters.
with

expected as (
    select
        patient_key,
        count(*) as encounter_count
    from {{ ref('fct_medical__encounters') }}
    where cast(started_at as date) <= {{ as_of_date() }}
    group by patient_key
),

features as (
    select
        patient_key,
        encounter_count
    from {{ ref('fct_medical__patient_features') }}
)

select
    expected.patient_key,
    expected.encounter_count as expected_count,
    features.encounter_count as found_count
from expected
left join features on expected.patient_key = features.patient_key
where expected.encounter_count is distinct from features.encounter_count

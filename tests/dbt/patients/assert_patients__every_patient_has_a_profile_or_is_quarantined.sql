-- Patients are counted by the identity map, which also knows those whose row could not be read.
with

known as (
    select count(distinct patient_id) as patients from {{ ref('identity_patients__keys') }}
),

published as (
    select count(*) as patients from {{ ref('dim_patients__profiles') }}
),

quarantined as (
    select count(*) as patients from {{ ref('silver_patients__quarantined_rows') }}
)

select
    known.patients as known_patients,
    published.patients as published_patients
from known
cross join published
cross join quarantined
where
    published.patients > known.patients
    or published.patients + quarantined.patients < known.patients

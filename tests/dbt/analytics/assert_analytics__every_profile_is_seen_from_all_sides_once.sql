-- Uniqueness of the key is tested on its column; here, that no profile is missing or made up.
with

profiles as (
    select count(*) as patients from {{ ref('dim_patients__profiles') }}
),

patient_360 as (
    select count(*) as patients from {{ ref('dim_analytics__patient_360') }}
)

select
    profiles.patients as profiles,
    patient_360.patients as patients_360
from profiles
cross join patient_360
where profiles.patients <> patient_360.patients

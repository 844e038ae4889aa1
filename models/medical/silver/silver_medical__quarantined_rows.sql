with

allergies as (
    select * from {{ ref('bronze_medical__synthea_allergies') }}
),

careplans as (
    select * from {{ ref('bronze_medical__synthea_careplans') }}
),

conditions as (
    select * from {{ ref('bronze_medical__synthea_conditions') }}
),

encounters as (
    select * from {{ ref('bronze_medical__synthea_encounters') }}
),

imaging_studies as (
    select * from {{ ref('bronze_medical__synthea_imaging_studies') }}
),

immunizations as (
    select * from {{ ref('bronze_medical__synthea_immunizations') }}
),

medications as (
    select * from {{ ref('bronze_medical__synthea_medications') }}
),

observations as (
    select * from {{ ref('bronze_medical__synthea_observations') }}
),

procedures as (
    select * from {{ ref('bronze_medical__synthea_procedures') }}
),

providers as (
    select * from {{ ref('bronze_medical__synthea_providers') }}
),

identities as (
    select patient_id
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

final as (
    {{ quarantined_rows('allergies', 'synthea_allergies', identities='identities') }}
    union all
    {{ quarantined_rows(
        'careplans',
        'synthea_careplans',
        record_id='care_plan_id',
        identities='identities',
    ) }}
    union all
    {{ quarantined_rows('conditions', 'synthea_conditions', identities='identities') }}
    union all
    {{ quarantined_rows(
        'encounters',
        'synthea_encounters',
        record_id='encounter_id',
        identities='identities',
    ) }}
    union all
    {{ quarantined_rows('imaging_studies', 'synthea_imaging_studies', identities='identities') }}
    union all
    {{ quarantined_rows('immunizations', 'synthea_immunizations', identities='identities') }}
    union all
    {{ quarantined_rows('medications', 'synthea_medications', identities='identities') }}
    union all
    {{ quarantined_rows('observations', 'synthea_observations', identities='identities') }}
    union all
    {{ quarantined_rows('procedures', 'synthea_procedures', identities='identities') }}
    union all
    {{ quarantined_rows('providers', 'synthea_providers', record_id='provider_id') }}
)

select * from final

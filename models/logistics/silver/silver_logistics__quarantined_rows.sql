with

organizations as (
    select * from {{ ref('bronze_logistics__synthea_organizations') }}
),

supplies as (
    select * from {{ ref('bronze_logistics__synthea_supplies') }}
),

devices as (
    select * from {{ ref('bronze_logistics__synthea_devices') }}
),

identities as (
    select patient_id
    from {{ ref('identity_patients__keys') }}
    where domain = 'logistics'
),

final as (
    {{ quarantined_rows('organizations', 'synthea_organizations', record_id='site_id') }}
    union all
    {{ quarantined_rows('supplies', 'synthea_supplies', identities='identities') }}
    union all
    {{ quarantined_rows('devices', 'synthea_devices', identities='identities') }}
)

select * from final

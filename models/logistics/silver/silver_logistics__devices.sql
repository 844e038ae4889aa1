{% set record = ['encounter_id', 'item_code', 'started_at'] %}

with

devices as (
    select
        patient_id,
        encounter_id,
        item_code,
        item_name,
        started_at,
        stopped_at,
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_logistics__synthea_devices') }}
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'logistics'
),

-- The device's own number is the patient's too, and ends in bronze; a recall looks it up there.
numbered as (
    select
        keys.patient_key,
        devices.encounter_id,
        devices.item_code,
        devices.item_name,
        devices.started_at,
        devices.stopped_at,
        {{ occurrence('devices', record) }} as occurrence,
        devices._rejection_reasons,
        devices._batch_id,
        devices._row_number,
        devices._loaded_at as _landed_at,
        greatest(devices._loaded_at, keys._loaded_at) as _loaded_at
    from devices
    inner join keys on devices.patient_id = keys.patient_id
),

keyed as (
    select
        *,
        {{ surrogate_key(['patient_key'] + record + ['occurrence'], 'logistics') }} as device_key
    from numbered
    where cardinality(_rejection_reasons) = 0
),

versions as (
    select
        *,
        {{ version(['device_key']) }} as _version
    from keyed
),

final as (
    select
        device_key,
        patient_key,
        encounter_id,
        item_code,
        item_name,
        started_at,
        stopped_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

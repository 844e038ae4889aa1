{{ config(properties=iceberg_table(sorted_by=['started_at'])) }}

with

procedures as (
    select
        procedure_key,
        patient_key,
        encounter_id,
        procedure_code,
        procedure_description,
        reason_code,
        reason_description,
        started_at,
        stopped_at,
        _loaded_at
    from {{ ref('silver_medical__procedures') }}
),

encounters as (
    select
        encounter_id,
        organization_id,
        provider_id
    from {{ ref('silver_medical__encounters') }}
),

final as (
    select
        procedures.procedure_key,
        procedures.patient_key,
        procedures.encounter_id,
        encounters.organization_id,
        encounters.provider_id,
        procedures.procedure_code,
        procedures.procedure_description,
        procedures.reason_code,
        procedures.reason_description,
        date_diff('minute', procedures.started_at, procedures.stopped_at) as duration_minutes,
        procedures.started_at,
        procedures.stopped_at,
        procedures._loaded_at
    from procedures
    left join encounters
        on procedures.encounter_id = encounters.encounter_id
)

select * from final

{{ config(properties=iceberg_table(sorted_by=['started_at'])) }}

with

prescriptions as (
    select
        prescription_key,
        patient_key,
        encounter_id,
        drug_code,
        drug_description,
        reason_code,
        reason_description,
        dispense_count,
        started_at,
        stopped_at,
        _loaded_at
    from {{ ref('silver_medical__prescriptions') }}
),

encounters as (
    select
        encounter_id,
        organization_id,
        provider_id
    from {{ ref('silver_medical__encounters') }}
),

-- A prescription outlives an encounter that could not be read; site and provider are then unknown.
final as (
    select
        prescriptions.prescription_key,
        prescriptions.patient_key,
        prescriptions.encounter_id,
        encounters.organization_id,
        encounters.provider_id,
        prescriptions.drug_code,
        prescriptions.drug_description,
        prescriptions.reason_code,
        prescriptions.reason_description,
        prescriptions.dispense_count,
        date_diff(
            'day',
            cast(prescriptions.started_at as date),
            cast(prescriptions.stopped_at as date)
        ) as duration_days,
        cast(prescriptions.started_at as date) <= {{ as_of_date() }}
        and coalesce(
            cast(prescriptions.stopped_at as date) > {{ as_of_date() }},
            true
        ) as is_active,
        prescriptions.started_at,
        prescriptions.stopped_at,
        prescriptions._loaded_at
    from prescriptions
    left join encounters
        on prescriptions.encounter_id = encounters.encounter_id
)

select * from final

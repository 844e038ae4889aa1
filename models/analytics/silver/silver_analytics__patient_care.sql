with

conditions as (
    select
        patient_key,
        condition_code,
        is_disorder,
        is_chronic,
        is_active
    from {{ ref('fct_medical__conditions') }}
),

prescriptions as (
    select
        patient_key,
        is_active
    from {{ ref('fct_medical__prescriptions') }}
),

immunizations as (
    select patient_key
    from {{ ref('fct_medical__immunizations') }}
),

crosswalk as (
    select
        medical_patient_key,
        analytics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

-- The same condition may come back; it counts once.
condition_counts as (
    select
        patient_key,
        count(distinct if(is_disorder, condition_code)) as disorder_count,
        count(distinct if(is_disorder and is_active, condition_code)) as active_disorder_count,
        count(distinct if(is_chronic and is_active, condition_code))
            as active_chronic_condition_count
    from conditions
    group by patient_key
),

prescription_counts as (
    select
        patient_key,
        count(*) as prescription_count,
        count_if(is_active) as active_prescription_count
    from prescriptions
    group by patient_key
),

immunization_counts as (
    select
        patient_key,
        count(*) as immunization_count
    from immunizations
    group by patient_key
),

final as (
    select
        crosswalk.analytics_patient_key as patient_key,
        coalesce(condition_counts.disorder_count, 0) as disorder_count,
        coalesce(condition_counts.active_disorder_count, 0) as active_disorder_count,
        coalesce(condition_counts.active_chronic_condition_count, 0)
            as active_chronic_condition_count,
        coalesce(prescription_counts.prescription_count, 0) as prescription_count,
        coalesce(prescription_counts.active_prescription_count, 0) as active_prescription_count,
        coalesce(immunization_counts.immunization_count, 0) as immunization_count
    from crosswalk
    left join condition_counts
        on crosswalk.medical_patient_key = condition_counts.patient_key
    left join prescription_counts
        on crosswalk.medical_patient_key = prescription_counts.patient_key
    left join immunization_counts
        on crosswalk.medical_patient_key = immunization_counts.patient_key
)

select * from final

with

keys as (
    select
        patient_id,
        domain,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
),

final as (
    select
        max(if(domain = 'patients', patient_key)) as patients_patient_key,
        max(if(domain = 'medical', patient_key)) as medical_patient_key,
        max(if(domain = 'fintech', patient_key)) as fintech_patient_key,
        max(if(domain = 'logistics', patient_key)) as logistics_patient_key,
        max(if(domain = 'analytics', patient_key)) as analytics_patient_key,
        max(_loaded_at) as _loaded_at
    from keys
    group by patient_id
)

select * from final

with

source as (
    select * from {{ source('fintech_landing', 'synthea_claims') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as claim_id,
        patientid as patient_id,
        appointmentid as encounter_id,
        providerid as provider_id,
        supervisingproviderid as supervising_provider_id,
        referringproviderid as referring_provider_id,
        primarypatientinsuranceid as primary_payer_id,
        secondarypatientinsuranceid as secondary_payer_id,
        departmentid as department_code,
        patientdepartmentid as patient_department_code,
        healthcareclaimtypeid1 as primary_claim_type_code,
        healthcareclaimtypeid2 as secondary_claim_type_code,
        diagnosis1 as diagnosis_1_code,
        diagnosis2 as diagnosis_2_code,
        diagnosis3 as diagnosis_3_code,
        diagnosis4 as diagnosis_4_code,
        diagnosis5 as diagnosis_5_code,
        diagnosis6 as diagnosis_6_code,
        diagnosis7 as diagnosis_7_code,
        diagnosis8 as diagnosis_8_code,
        status1 as primary_status,
        status2 as secondary_status,
        statusp as patient_status,
        try_cast(outstanding1 as decimal(18, 2)) as primary_outstanding_amount,
        try_cast(outstanding2 as decimal(18, 2)) as secondary_outstanding_amount,
        try_cast(outstandingp as decimal(18, 2)) as patient_outstanding_amount,
        {{ as_timestamp('currentillnessdate') }} as illness_started_at,
        {{ as_timestamp('servicedate') }} as service_started_at,
        {{ as_timestamp('lastbilleddate1') }} as primary_last_billed_at,
        {{ as_timestamp('lastbilleddate2') }} as secondary_last_billed_at,
        {{ as_timestamp('lastbilleddatep') }} as patient_last_billed_at,
        {{ rejection_reasons(
            required=[
                'id', 'patientid', 'appointmentid', 'servicedate', 'status1', 'statusp',
                'outstanding1', 'outstandingp', 'lastbilleddate1', 'lastbilleddatep',
            ],
            timestamps=[
                'currentillnessdate', 'servicedate', 'lastbilleddate1', 'lastbilleddate2',
                'lastbilleddatep',
            ],
            decimals=['outstanding1', 'outstanding2', 'outstandingp'],
            rules={
                'status1 is not known': "status1 not in ('BILLED', 'CLOSED')",
                'statusp is not known': "statusp not in ('BILLED', 'CLOSED')",
                'healthcareclaimtypeid1 is not known': "healthcareclaimtypeid1 not in ('1', '2')",
                'lastbilleddate1 is before servicedate':
                    as_timestamp('lastbilleddate1') ~ ' < ' ~ as_timestamp('servicedate'),
                'an outstanding amount is negative':
                    'least(try_cast(outstanding1 as decimal(18, 2)), try_cast(outstandingp as decimal(18, 2))) < 0',
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

with

source as (
    select * from {{ source('fintech_landing', 'synthea_claims_transactions') }}
    {{ new_batches_only() }}
),

final as (
    select
        id as transaction_id,
        claimid as claim_id,
        patientid as patient_id,
        appointmentid as encounter_id,
        placeofservice as site_id,
        providerid as provider_id,
        supervisingproviderid as supervising_provider_id,
        patientinsuranceid as member_number,
        feescheduleid as fee_schedule_id,
        try_cast(chargeid as bigint) as sequence_number,
        try_cast(transferoutid as bigint) as transfer_out_sequence_number,
        "type" as transaction_type,
        "method" as payment_method,
        transfertype as responsible_party_code,
        departmentid as department_code,
        procedurecode as procedure_code,
        modifier1 as modifier_1_code,
        modifier2 as modifier_2_code,
        try_cast(diagnosisref1 as bigint) as diagnosis_1_number,
        try_cast(diagnosisref2 as bigint) as diagnosis_2_number,
        try_cast(diagnosisref3 as bigint) as diagnosis_3_number,
        try_cast(diagnosisref4 as bigint) as diagnosis_4_number,
        notes as procedure_description,
        linenote as line_note,
        try_cast(units as bigint) as unit_count,
        try_cast(unitamount as decimal(18, 2)) as unit_amount,
        try_cast(amount as decimal(18, 2)) as charge_or_transfer_amount,
        try_cast(payments as decimal(18, 2)) as payment_amount,
        try_cast(adjustments as decimal(18, 2)) as adjustment_amount,
        try_cast(transfers as decimal(18, 2)) as transfer_amount,
        try_cast(outstanding as decimal(18, 2)) as outstanding_amount,
        {{ as_timestamp('fromdate') }} as service_started_at,
        -- The exporter writes the Unix epoch where a procedure has no end.
        nullif(
            {{ as_timestamp('todate') }}, timestamp '1970-01-01 00:00:00 UTC'
        ) as service_ended_at,
        {{ rejection_reasons(
            required=[
                'id', 'claimid', 'chargeid', 'patientid', '"type"', 'fromdate', 'procedurecode',
                'payments', 'adjustments', 'outstanding',
            ],
            timestamps=['fromdate', 'todate'],
            decimals=['unitamount', 'amount', 'payments', 'adjustments', 'transfers', 'outstanding'],
            integers=['chargeid', 'transferoutid', 'units'],
            rules={
                'type is not known':
                    "\"type\" not in ('CHARGE', 'PAYMENT', 'ADJUSTMENT', 'TRANSFEROUT', 'TRANSFERIN')",
                'amount is missing': "\"type\" in ('CHARGE', 'TRANSFERIN') and amount is null",
                'transfers is missing': "\"type\" in ('TRANSFEROUT', 'TRANSFERIN') and transfers is null",
                'transfertype is missing': "\"type\" in ('CHARGE', 'TRANSFERIN') and transfertype is null",
                'transfertype is not known': "transfertype not in ('1', '2', 'p')",
                'transferoutid is missing': "\"type\" = 'TRANSFERIN' and transferoutid is null",
                'method is missing': "\"type\" = 'PAYMENT' and \"method\" is null",
                'method is not known':
                    "\"method\" not in ('CASH', 'CHECK', 'CC', 'COPAY', 'ECHECK', 'SYSTEM')",
                'an amount is negative': 'least('
                    ~ 'coalesce(try_cast(amount as decimal(18, 2)), 0), '
                    ~ 'coalesce(try_cast(payments as decimal(18, 2)), 0), '
                    ~ 'coalesce(try_cast(adjustments as decimal(18, 2)), 0), '
                    ~ 'coalesce(try_cast(transfers as decimal(18, 2)), 0), '
                    ~ 'coalesce(try_cast(outstanding as decimal(18, 2)), 0)) < 0',
            },
        ) }} as _rejection_reasons,
        _batch_id,
        _source_file,
        _row_number,
        _loaded_at
    from source
)

select * from final

with

condition_costs as (
    select
        condition_code,
        condition_description,
        care_year,
        people,
        encounter_count,
        charge_amount,
        payer_payment_amount,
        patient_payment_amount,
        outstanding_amount
    from {{ ref('silver_analytics__condition_costs') }}
),

final as (
    select
        condition_code,
        case condition_code
            when 'other' then 'Conditions of too few patients to be published'
            when 'unattributed' then 'No reason and no disorder recorded'
            else condition_description
        end as condition_description,
        care_year,
        'USD' as currency_code,
        {{ small_cell('people', 'people') }} as patient_count,
        {{ small_cell('encounter_count', 'people') }} as encounter_count,
        cast({{ small_cell('charge_amount', 'people') }} as decimal(18, 2)) as charge_amount,
        cast({{ small_cell('payer_payment_amount', 'people') }} as decimal(18, 2))
            as payer_payment_amount,
        cast({{ small_cell('patient_payment_amount', 'people') }} as decimal(18, 2))
            as patient_payment_amount,
        cast({{ small_cell('outstanding_amount', 'people') }} as decimal(18, 2))
            as outstanding_amount,
        people < {{ var('smallest_published_group') }} as is_suppressed
    from condition_costs
)

select * from final

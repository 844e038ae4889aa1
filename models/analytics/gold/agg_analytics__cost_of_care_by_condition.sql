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

-- The year's charges are told by others too, so a hidden row alone would be the rest of that total.
guarded as (
    select
        *,
        {{ is_hidden_cell('people', 'care_year', 'condition_code') }} as is_suppressed
    from condition_costs
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
        {{ small_cell('if(not is_suppressed, people)', 'people') }} as patient_count,
        {{ small_cell('if(not is_suppressed, encounter_count)', 'people') }} as encounter_count,
        {%- for amount in [
            'charge_amount', 'payer_payment_amount', 'patient_payment_amount', 'outstanding_amount',
        ] %}
        cast({{ small_cell('if(not is_suppressed, ' ~ amount ~ ')', 'people') }} as decimal(18, 2))
            as {{ amount }},
        {%- endfor %}
        is_suppressed
    from guarded
)

select * from final

with

consumption as (
    select
        patient_key,
        item_type,
        quantity,
        cost_amount
    from {{ ref('fct_logistics__consumption') }}
),

crosswalk as (
    select
        logistics_patient_key,
        analytics_patient_key
    from {{ ref('identity_patients__crosswalk') }}
),

final as (
    select
        crosswalk.analytics_patient_key as patient_key,
        sum(if(consumption.item_type = 'supply', consumption.quantity, 0)) as supply_quantity,
        sum(if(consumption.item_type = 'device', consumption.quantity, 0)) as device_quantity,
        sum(if(consumption.item_type = 'drug', consumption.quantity, 0)) as dispense_quantity,
        coalesce(sum(consumption.cost_amount), 0) as consumption_cost_amount
    from consumption
    inner join crosswalk on consumption.patient_key = crosswalk.logistics_patient_key
    group by crosswalk.analytics_patient_key
)

select * from final

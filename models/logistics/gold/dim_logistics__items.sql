with

items as (
    select
        item_type,
        item_code,
        item_name,
        category,
        unit,
        supply_class,
        pack_size,
        unit_price_amount,
        currency_code,
        lead_time_days,
        safety_days,
        supplier_code
    from {{ ref('reference_logistics__items') }}
),

suppliers as (
    select
        supplier_code,
        supplier_name,
        supplier_kind,
        minimum_order_amount
    from {{ ref('reference_logistics__suppliers') }}
),

unlisted as (
    select
        item_type,
        item_code,
        max(item_name) as item_name
    from {{ ref('fct_logistics__consumption') }}
    where category = 'unlisted'
    group by item_type, item_code
),

listed as (
    select
        items.item_type,
        items.item_code,
        items.item_name,
        items.category,
        items.unit,
        items.supply_class,
        suppliers.supplier_code,
        suppliers.supplier_name,
        suppliers.supplier_kind,
        items.currency_code,
        items.pack_size,
        items.unit_price_amount,
        suppliers.minimum_order_amount,
        items.lead_time_days,
        items.safety_days,
        true as is_listed
    from items
    inner join suppliers on items.supplier_code = suppliers.supplier_code
),

final as (
    select * from listed
    union all
    select
        item_type,
        item_code,
        item_name,
        'unlisted' as category,
        null as unit,
        'unlisted' as supply_class,
        null as supplier_code,
        null as supplier_name,
        null as supplier_kind,
        null as currency_code,
        null as pack_size,
        null as unit_price_amount,
        null as minimum_order_amount,
        null as lead_time_days,
        null as safety_days,
        false as is_listed
    from unlisted
)

select * from final

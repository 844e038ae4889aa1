with

consumed as (
    select distinct
        item_type,
        item_code
    from {{ ref('fct_logistics__consumption') }}
),

planned as (
    select
        item_type,
        item_code
    from {{ ref('agg_logistics__stock_plan') }}
)

select
    consumed.item_type,
    consumed.item_code
from consumed
left join planned
    on
        consumed.item_type = planned.item_type
        and consumed.item_code = planned.item_code
where planned.item_code is null

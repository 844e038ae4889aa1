-- A payer in quarantine, with or without its identifier, explains one unknown payer.
with

mentioned as (
    select primary_payer_id as payer_id from {{ ref('fct_fintech__claims') }}
    union distinct
    select secondary_payer_id from {{ ref('fct_fintech__claims') }}
    union distinct
    select payer_id from {{ ref('fct_fintech__payments') }}
    union distinct
    select payer_id from {{ ref('fct_fintech__coverage_periods') }}
    union distinct
    select secondary_payer_id from {{ ref('fct_fintech__coverage_periods') }}
),

payers as (
    select payer_id
    from {{ ref('dim_fintech__payers') }}
),

quarantined as (
    select count(*) as row_count
    from {{ ref('silver_fintech__quarantined_rows') }}
    where source_table = 'synthea_payers'
),

unknown_payers as (
    select
        mentioned.payer_id,
        count(*) over () as payer_count
    from mentioned
    left join payers on mentioned.payer_id = payers.payer_id
    where mentioned.payer_id is not null and payers.payer_id is null
)

select unknown_payers.*
from unknown_payers
cross join quarantined
where unknown_payers.payer_count > quarantined.row_count

with

payments as (
    select
        payment_id,
        payment_amount
    from {{ ref('fct_fintech__payments') }}
),

allocated as (
    select
        payment_id,
        sum(allocated_amount) as allocated_amount
    from {{ ref('fct_fintech__payment_allocations') }}
    group by payment_id
)

select
    coalesce(payments.payment_id, allocated.payment_id) as payment_id,
    payments.payment_amount,
    allocated.allocated_amount
from payments
full outer join allocated on payments.payment_id = allocated.payment_id
where payments.payment_amount is distinct from allocated.allocated_amount

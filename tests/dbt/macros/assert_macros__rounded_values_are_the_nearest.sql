{{ config(tags=['macro']) }}

with

coordinates (degrees, tenth, whole) as (
    values
    (double '42.3601', double '42.4', double '42.0'),
    (double '-71.0589', double '-71.1', double '-71.0'),
    (double '0.04', double '0.0', double '0.0'),
    (double '180', double '180', double '180'),
    (double '-180', double '-180', double '-180'),
    (double '180.01', null, null),
    (infinity(), null, null),
    (nan(), null, null),
    (cast(null as double), null, null)
),

amounts (amount, hundreds, tens, ones) as (
    values
    (decimal '0.00', decimal '0.00', decimal '0.00', decimal '0.00'),
    (decimal '14.99', decimal '0.00', decimal '10.00', decimal '15.00'),
    (decimal '15.00', decimal '0.00', decimal '20.00', decimal '15.00'),
    (decimal '49.99', decimal '0.00', decimal '50.00', decimal '50.00'),
    (decimal '50.00', decimal '100.00', decimal '50.00', decimal '50.00'),
    (decimal '0.50', decimal '0.00', decimal '0.00', decimal '1.00'),
    (decimal '-14.99', decimal '0.00', decimal '-10.00', decimal '-15.00'),
    (decimal '-50.00', decimal '-100.00', decimal '-50.00', decimal '-50.00'),
    (
        decimal '9999999999999999.99',
        decimal '10000000000000000.00',
        decimal '10000000000000000.00',
        decimal '10000000000000000.00'
    ),
    (
        decimal '-9999999999999999.99',
        decimal '-10000000000000000.00',
        decimal '-10000000000000000.00',
        decimal '-10000000000000000.00'
    ),
    (cast(null as decimal(18, 2)), null, null, null)
)

select cast(degrees as varchar) as fault
from coordinates
where
    {{ round_coordinate('degrees') }} is distinct from tenth
    or {{ round_coordinate('degrees', 0) }} is distinct from whole
union all
select cast(amount as varchar) as fault
from amounts
where
    {{ round_money('amount') }} is distinct from hundreds
    or {{ round_money('amount', 10) }} is distinct from tens
    or {{ round_money('amount', 1) }} is distinct from ones

{{ config(tags=['macro']) }}

with

cases (zip_code, expected) as (
    values
    ('02139', '021'),
    ('021392331', '021'),
    ('02139-2331', '021'),
    ('03601', '000'),
    ('89399', '000'),
    ('0213', null),
    ('unknown', null),
    ('', null),
    (cast(null as varchar), null)
),

results as (
    select
        *,
        {{ zip3('zip_code') }} as found
    from cases
)

select * from results
where found is distinct from expected

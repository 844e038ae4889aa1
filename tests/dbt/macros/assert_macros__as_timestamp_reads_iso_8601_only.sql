{{ config(tags=['macro']) }}

with

cases (landed, expected) as (
    values
    ('2003-02-23T13:09:40Z', timestamp '2003-02-23 13:09:40 UTC'),
    ('2003-02-23T13:09:40+02:00', timestamp '2003-02-23 11:09:40 UTC'),
    ('2003-02-30T00:00:00Z', null),
    ('23.02.2003', null),
    ('1999', null),
    ('1999-05', null),
    ('2003-02-23', timestamp '2003-02-23 00:00:00 UTC'),
    ('', null),
    (cast(null as varchar), null)
),

results as (
    select
        *,
        {{ as_timestamp('landed') }} as found
    from cases
)

select * from results
where found is distinct from expected

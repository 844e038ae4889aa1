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
    ('1899-12-31T23:59:59Z', null),
    ('1900-01-01T00:00:00Z', timestamp '1900-01-01 00:00:00 UTC'),
    ('2199-12-31T23:59:59Z', timestamp '2199-12-31 23:59:59 UTC'),
    ('2200-01-01T00:00:00Z', null),
    ('9999-12-31T00:00:00Z', null),
    ('20030-02-23T00:00:00Z', null),
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

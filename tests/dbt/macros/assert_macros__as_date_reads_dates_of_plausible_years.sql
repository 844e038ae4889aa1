{{ config(tags=['macro']) }}

with

cases (landed, expected) as (
    values
    ('2003-02-23', date '2003-02-23'),
    ('2003-02-30', null),
    ('23.02.2003', null),
    ('1899-12-31', null),
    ('1900-01-01', date '1900-01-01'),
    ('2199-12-31', date '2199-12-31'),
    ('2200-01-01', null),
    ('9999-12-31', null),
    ('20030-02-23', null),
    ('', null),
    (cast(null as varchar), null)
),

results as (
    select
        *,
        {{ as_date('landed') }} as found
    from cases
)

select * from results
where found is distinct from expected

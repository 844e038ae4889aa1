{{ config(tags=['macro']) }}

with

cases (birth_date, on_date, expected) as (
    values
    (date '2016-01-02', date '2026-01-01', '0-9'),
    (date '2016-01-01', date '2026-01-01', '10-19'),
    (date '2016-02-29', date '2026-02-28', '0-9'),
    (date '1936-01-02', date '2026-01-01', '80-89'),
    (date '1936-01-01', date '2026-01-01', '90+'),
    (date '1900-01-01', date '2026-01-01', '90+'),
    (date '2026-01-01', date '2026-01-01', '0-9'),
    (date '2026-01-02', date '2026-01-01', null),
    (cast(null as date), date '2026-01-01', null)
),

results as (
    select
        *,
        {{ age_band('birth_date', 'on_date') }} as found
    from cases
)

select * from results
where found is distinct from expected

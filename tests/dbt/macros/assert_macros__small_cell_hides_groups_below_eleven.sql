{{ config(tags=['macro']) }}

with

cases (figure, people, expected) as (
    values
    (7, 11, 7),
    (7, 10, null),
    (0, 0, null),
    (7, cast(null as integer), null)
),

results as (
    select
        *,
        {{ small_cell('figure', 'people') }} as found
    from cases
)

select * from results
where found is distinct from expected

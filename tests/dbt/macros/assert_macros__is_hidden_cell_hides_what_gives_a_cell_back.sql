{{ config(tags=['macro']) }}

with

cases (cells, cell, people, expected) as (
    values
    ('all large', 'a', 11, false),
    ('all large', 'b', 12, false),
    ('one small', 'a', 3, true),
    ('one small', 'b', 20, true),
    ('one small', 'c', 30, false),
    ('two small, together enough', 'a', 5, true),
    ('two small, together enough', 'b', 6, true),
    ('two small, together enough', 'c', 11, false),
    ('two small, together too few', 'a', 2, true),
    ('two small, together too few', 'b', 3, true),
    ('two small, together too few', 'c', 11, true),
    ('two small, together too few', 'd', 12, false),
    ('equal', 'a', 4, true),
    ('equal', 'b', 4, true),
    ('equal', 'c', 4, true)
),

results as (
    select
        *,
        {{ is_hidden_cell('people', 'cells', 'cell') }} as found
    from cases
)

select * from results
where found is distinct from expected

{{ config(tags=['macro'], group='patients') }}

-- Rows that a plain concatenation would confuse, and that another domain's key tells apart.
with

cases (a, b) as (
    values
    ('x', 'yz'),
    ('xy', 'z'),
    ('xyz', ''),
    ('', 'xyz'),
    ('xyz', cast(null as varchar)),
    (cast(null as varchar), 'xyz')
),

results as (
    select {{ surrogate_key(['a', 'b'], 'medical') }} as found
    from cases
    union all
    select {{ surrogate_key(['a', 'b'], 'fintech') }} as found
    from cases
)

select found from results
group by found
having count(*) > 1

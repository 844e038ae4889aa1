{{ config(tags=['macro']) }}

-- Rows that a plain concatenation would confuse.
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
    select {{ surrogate_key(['a', 'b']) }} as found
    from cases
)

select found from results
group by found
having count(*) > 1

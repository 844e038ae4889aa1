{{ config(tags=['macro']) }}

with

cases (id, day, amount, quantity, seen, expected) as (
    values
    ('a', '2026-01-31', '1.50', '3', '2026-01-31T00:00:00Z', cast(array[] as array(varchar))),
    ('a', null, null, null, null, cast(array[] as array(varchar))),
    (null, '2026-01-31', '1.50', '3', null, array['id is missing']),
    ('a', '2026-02-31', '1.5x', '3.5', 'now', array[
        'seen is not a valid timestamp',
        'day is not a valid date',
        'amount is not a valid decimal',
        'quantity is not a valid integer'
    ]),
    ('a', '9999-12-31', null, null, '9999-12-31T00:00:00Z', array[
        'seen is not a valid timestamp', 'day is not a valid date'
    ]),
    ('a', null, '-1', null, null, array['amount is negative'])
),

results as (
    select
        *,
        {{ rejection_reasons(
            required=['id'],
            timestamps=['seen'],
            dates=['day'],
            decimals=['amount'],
            integers=['quantity'],
            rules={'amount is negative': 'try_cast(amount as decimal(18, 2)) < 0'},
        ) }} as found
    from cases
)

select * from results
where found is distinct from expected

{{ config(tags=['macro']) }}

with

-- Ten rows in each of seven exports, the last of them bad every time.
often_bad as (
    select
        'batch ' || cast(exports.n as varchar) as _batch_id,
        date_add('day', exports.n, timestamp '2026-01-01 00:00:00 UTC') as _loaded_at,
        rows_of_one.n as _row_number
    from unnest(sequence(1, 7)) as exports (n)
    cross join unnest(sequence(1, 10)) as rows_of_one (n)
),

-- An export that was bad as a whole, corrected by the next one.
corrected as (
    select
        if(numbers.n <= 100, 'bad', 'good') as _batch_id,
        if(
            numbers.n <= 100,
            timestamp '2026-01-01 00:00:00 UTC',
            timestamp '2026-01-02 00:00:00 UTC'
        ) as _loaded_at
    from unnest(sequence(1, 200)) as numbers (n)
),

-- 600 good rows first, then six bad ones of 100: fewer than 1 % of all, but not of those.
newly_bad as (
    select
        if(numbers.n <= 600, 'a', 'b') as _batch_id,
        if(
            numbers.n <= 600,
            timestamp '2026-01-01 00:00:00 UTC',
            timestamp '2026-01-02 00:00:00 UTC'
        ) as _loaded_at
    from unnest(sequence(1, 700)) as numbers (n)
),

-- Six of 600: exactly the share that is allowed.
allowed as (
    select
        if(numbers.n > 0, 'only') as _batch_id,
        timestamp '2026-01-01 00:00:00 UTC' as _loaded_at
    from unnest(sequence(1, 600)) as numbers (n)
),

quarantine as (
    select
        'often_bad' as source_table,
        _batch_id
    from often_bad
    where _row_number = 10
    union all
    select
        'corrected' as source_table,
        _batch_id
    from corrected
    where _batch_id = 'bad'
    union all
    select
        planted.source_table,
        planted._batch_id
    from (
        values
        ('newly_bad', 'b'),
        ('allowed', 'only')
    ) as planted (source_table, _batch_id)
    cross join unnest(sequence(1, 6)) as numbers (n)
    where numbers.n > 0
    union all
    select
        'forgotten' as source_table,
        'any' as _batch_id
),

found as (
    {{ too_many_rejected('quarantine', {
        'often_bad': 'often_bad', 'corrected': 'corrected',
        'newly_bad': 'newly_bad', 'allowed': 'allowed',
    }) }}
),

expected (source_table, rejected_rows, landed_rows) as (
    values
    ('newly_bad', 6, 100),
    ('forgotten', 1, cast(null as bigint))
)

select
    coalesce(found.source_table, expected.source_table) as source_table,
    found.rejected_rows,
    expected.rejected_rows as expected_rejected_rows
from found
full outer join expected
    on
        found.source_table = expected.source_table
        and found.rejected_rows = expected.rejected_rows
        and coalesce(found.landed_rows, 0) = coalesce(expected.landed_rows, 0)
where found.source_table is null or expected.source_table is null

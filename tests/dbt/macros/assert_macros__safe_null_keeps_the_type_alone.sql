{{ config(tags=['macro']) }}

with

cases (word, amount, day, seen, list) as (
    values
    ('x', decimal '1.50', date '2024-02-29', timestamp '2024-02-29 00:00:00 UTC', array[1]),
    (null, null, null, null, null)
)

select word
from cases
where
    {{ safe_null('word') }} is not null
    or {{ safe_null('amount') }} is not null
    or {{ safe_null('day') }} is not null
    or {{ safe_null('seen') }} is not null
    or {{ safe_null('list') }} is not null
    or {{ safe_null('1 / 0') }} is not null
    or typeof({{ safe_null('word') }}) <> typeof(word)
    or typeof({{ safe_null('amount') }}) <> typeof(amount)
    or typeof({{ safe_null('day') }}) <> typeof(day)
    or typeof({{ safe_null('seen') }}) <> typeof(seen)
    or typeof({{ safe_null('list') }}) <> typeof(list)

{{ config(tags=['macro']) }}

with

planted (area, band, diagnosis, hidden) as (
    select
        if(numbers.n <= 22, 'a', 'b') as area,
        if(numbers.n <= 11, cast(null as varchar), '30-39') as band,
        if(numbers.n between 12 and 22, 'x', cast(numbers.n as varchar)) as diagnosis,
        0 as hidden
    from unnest(sequence(1, 32)) as numbers (n)
),

nothing_shown (area, person, hidden) as (
    values
    (cast(null as varchar), 1, 1),
    (cast(null as varchar), 2, 1)
),

found (what, people) as (
    select
        'small group' as what,
        people
    from ({{ small_groups('planted', ['area', 'band']) }}) as small
    union all
    select
        'limit',
        people
    from ({{ small_groups('planted', ['area', 'band'], smallest=10) }}) as small
    union all
    select
        'alike',
        people
    from (
        {{ alike_groups('planted', ['area', 'band'], ['diagnosis'], smallest=1) }}
    ) as alike
    union all
    select
        'alike',
        people
    from ({{ alike_groups('planted', ['area', 'band'], ['diagnosis', 'hidden']) }}) as alike
    union all
    select
        'hidden',
        people
    from ({{ small_groups('nothing_shown', ['area'], 'hidden = 1') }}) as small
    union all
    select
        'hidden',
        people
    from ({{ alike_groups('nothing_shown', ['area'], ['person'], 'hidden = 1') }}) as alike
    union all
    select
        'few',
        people
    from ({{ small_groups('nothing_shown', ['area']) }}) as small
),

expected (what, people) as (
    values
    ('small group', 10),
    ('alike', 11),
    ('few', 2)
)

select
    coalesce(found.what, expected.what) as what,
    found.people,
    expected.people as expected_people
from found
full outer join expected on found.what = expected.what and found.people = expected.people
where found.what is null or expected.what is null

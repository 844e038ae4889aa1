{{ config(tags=['macro']) }}

with

-- Four people over three years: each on a day of their own; all on one day; each on ever other
-- days; each on a day of their own, beside another record in the year.
planted as (
    select
        kinds.kind,
        cast(people.n as varchar) as patient_key,
        date_add(
            'day',
            case kinds.kind
                when 'birthday' then 40 * people.n
                when 'first of the year' then 0
                when 'visit' then 40 * people.n + 7 * years.n
                else 40 * people.n + kinds.shift * years.n
            end,
            date_add('year', years.n, date '2017-01-01')
        ) as recorded_on
    from (
        values ('birthday', 0), ('first of the year', 0), ('visit', 0), ('mixed', 0), ('mixed', 11)
    ) as kinds (kind, shift)
    cross join unnest(sequence(1, 4)) as people (n)
    cross join unnest(sequence(0, 2)) as years (n)
),

found (kind, people) as (
    select
        kind,
        people_of_one_day
    from ({{ birthday_kinds('planted') }}) as kinds_found
),

expected (kind, people) as (
    values
    ('birthday', 4),
    ('mixed', 4)
)

select
    coalesce(found.kind, expected.kind) as kind,
    found.people,
    expected.people as expected_people
from found
full outer join expected on found.kind = expected.kind and found.people = expected.people
where found.kind is null or expected.kind is null

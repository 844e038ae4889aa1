{{ config(tags=['macro'], group='patients') }}

with

subjects (subject) as (
    select cast(numbers.n as varchar) from unnest(sequence(1, 2000)) as numbers (n)
),

days (first_day, last_day) as (
    values
    (date '2024-02-28', date '2024-03-01'),
    (date '2024-02-29', date '2025-02-28'),
    (date '1969-12-31', date '1970-01-01'),
    (date '0001-06-01', date '9999-12-31')
),

shifted as (
    select
        subjects.subject,
        days.first_day,
        days.last_day,
        {{ shift_date('days.first_day', 'subjects.subject', 'medical') }} as shifted_first_day,
        {{ shift_date('days.last_day', 'subjects.subject', 'medical') }} as shifted_last_day,
        {{ shift_date('days.last_day', 'subjects.subject', 'fintech') }} as elsewhere,
        {{ shift_date("cast(days.last_day as timestamp(6))", 'subjects.subject', 'medical') }}
            as shifted_at,
        {{ shift_date('cast(null as date)', 'subjects.subject', 'medical') }} as of_no_date,
        {{ shift_date('days.last_day', 'cast(null as varchar)', 'medical') }} as of_nobody
    from subjects
    cross join days
),

shifts as (
    select
        count(distinct date_diff('day', shifted_last_day, last_day)) as different,
        count_if(elsewhere = shifted_last_day) as alike,
        count(*) as row_count
    from shifted
)

select 'one date' as fault
from shifted
where
    date_diff('day', shifted_last_day, last_day) not between 1 and 365
    or date_diff('day', shifted_first_day, shifted_last_day)
    <> date_diff('day', first_day, last_day)
    or shifted_at <> cast(shifted_last_day as timestamp(6))
    or of_no_date is not null
    or of_nobody is not null
union all
select 'all dates' as fault
from shifts
where different < 350 or alike > row_count / 100

{% macro birthday_kinds(records) -%}
    select
        yearly.kind,
        yearly.people,
        count(distinct yearly.patient_key) as people_of_one_day
    from (
        select
            days.kind,
            days.patient_key,
            spans.people,
            count(*) over (partition by days.kind, days.month_day) as people_of_the_day
        from (
            select
                kind,
                patient_key,
                date_format(recorded_on, '%m-%d') as month_day,
                count(distinct year(recorded_on)) as years
            from {{ records }}
            group by 1, 2, 3
        ) as days
        inner join (
            select
                kind,
                patient_key,
                count(distinct year(recorded_on)) as years,
                count(*) over (partition by kind) as people
            from {{ records }}
            group by kind, patient_key
            having count(distinct year(recorded_on)) >= 3
        ) as spans
            on days.kind = spans.kind and days.patient_key = spans.patient_key
        where days.years >= 0.8 * spans.years
    ) as yearly
    where yearly.people_of_the_day <= 0.5 * yearly.people
    group by yearly.kind, yearly.people
    having count(distinct yearly.patient_key) > 0.5 * yearly.people
{%- endmacro %}

{{ config(severity='warn') }}

-- Who is born after their landing or death is rejected before. What is left is a report of an
-- earlier day than some births, as after real files and then generated ones: no fault of a row.
with

counted as (
    select
        count_if(birth_date > coalesce(death_date, {{ as_of_date() }})) as unborn_patients,
        count(*) as all_patients
    from {{ ref('silver_patients__patients') }}
)

select * from counted
where unborn_patients > 0

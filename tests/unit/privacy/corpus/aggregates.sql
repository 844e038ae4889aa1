--- max
-- leaks: published.m direct
select region, max(email) as m from {{ source('crm', 'people') }} group by region

--- min over all
-- leaks: published.m direct
select min(ssn) as m from {{ source('crm', 'people') }}

--- max_by gives its first argument
-- leaks: published.m direct
select region, max_by(email, created_at) as m from {{ source('crm', 'people') }} group by region

--- max_by only compares its second argument
-- harmless
select region, max_by(status, birth_date) as m from {{ source('crm', 'people') }} group by region

--- arbitrary
-- leaks: published.m direct
select region, arbitrary(last_name) as m from {{ source('crm', 'people') }} group by region

--- any_value
-- leaks: published.m direct
select region, any_value(phone) as m from {{ source('crm', 'people') }} group by region

--- array_agg
-- leaks: published.m direct
select region, array_agg(email order by created_at) as m from {{ source('crm', 'people') }} group by region

--- listagg
-- leaks: published.m direct
select region, listagg(last_name, ', ') within group (order by last_name) as m
from {{ source('crm', 'people') }} group by region

--- map_agg keys
-- leaks: published.m direct
select region, map_agg(email, status) as m from {{ source('crm', 'people') }} group by region

--- histogram
-- leaks: published.m direct
select histogram(email) as m from {{ source('crm', 'people') }}

--- approx_most_frequent
-- leaks: published.m direct
select approx_most_frequent(3, phone, 100) as m from {{ source('crm', 'people') }}

--- approx_percentile gives a value
-- leaks: published.m sensitive
select department, approx_percentile(salary, 0.5) as m from {{ source('crm', 'people') }} group by department

--- first_value
-- leaks: published.m direct
select region, first_value(email) over (partition by region order by created_at) as m
from {{ source('crm', 'people') }}

--- lag
-- leaks: published.m direct
select lag(ssn) over (order by created_at) as m from {{ source('crm', 'people') }}

--- running sum shows its summands
-- leaks: published.m sensitive
select sum(salary) over (order by created_at) as m from {{ source('crm', 'people') }}

--- row number over people
-- harmless
select region, row_number() over (partition by region order by last_name, birth_date) as place
from {{ source('crm', 'people') }}

--- count of rows
-- harmless
select region, count(*) as n from {{ source('crm', 'people') }} group by region

--- count of distinct people
-- harmless
select region, count(distinct person_id) as people, count(email) as with_email,
    approx_distinct(ssn) as about, count_if(birth_date is null) as without_birth_date
from {{ source('crm', 'people') }} group by region

--- distinct values are values
-- leaks: published.email direct
select distinct email from {{ source('crm', 'people') }}

--- grouped by a direct identifier
-- leaks: published.email direct
select email, count(*) as n from {{ source('crm', 'people') }} group by email

--- grouped by a direct identifier that is not shown
-- harmless
select count(*) as n from {{ source('crm', 'people') }} group by email

--- grouped by place
-- leaks: published.phone direct
select phone, count(*) as n from {{ source('crm', 'people') }} group by 1

--- grouping sets
-- leaks: published.zip_code quasi
select zip_code, region, count(*) as n from {{ source('crm', 'people') }} group by grouping sets ((zip_code), (region))

--- small groups by diagnosis
-- leaks: published.diagnosis sensitive
select diagnosis, count(*) as n from {{ source('crm', 'people') }} group by diagnosis

--- groups by diagnosis of enough people
-- harmless
select diagnosis, count(distinct person_id) as people from {{ source('crm', 'people') }}
group by diagnosis having count(distinct person_id) >= 11

--- groups of too few people pass the guard
-- leaks: published.diagnosis sensitive
select diagnosis, count(distinct person_id) as people from {{ source('crm', 'people') }}
group by diagnosis having count(distinct person_id) >= 2

--- the guard is the wrong way round
-- leaks: published.diagnosis sensitive
select diagnosis, count(distinct person_id) as people from {{ source('crm', 'people') }}
group by diagnosis having count(distinct person_id) <= 11

--- the guard counts rows and not people
-- leaks: published.diagnosis sensitive
select diagnosis, count(*) as n from {{ source('crm', 'people') }}
group by diagnosis having count(*) >= 11

--- the guard is one of two ways in
-- leaks: published.diagnosis sensitive
select diagnosis, count(distinct person_id) as n from {{ source('crm', 'people') }}
group by diagnosis having count(distinct person_id) >= 11 or diagnosis = 'rare'

--- enough people do not clear an identifier
-- leaks: published.email direct
select email, count(distinct person_id) as n from {{ source('crm', 'people') }}
group by email having count(distinct person_id) >= 11

--- mean of a sensitive value in small groups
-- leaks: published.mean sensitive
select department, avg(salary) as mean from {{ source('crm', 'people') }} group by department

--- mean of a sensitive value for enough people
-- harmless
select department, avg(salary) as mean, sum(salary) as total from {{ source('crm', 'people') }}
group by department having count(distinct person_id) > 10

--- mean shown by small_cell
-- harmless
with grouped as (
    select department, count(distinct person_id) as people, avg(salary) as mean
    from {{ source('crm', 'people') }} group by department
)
select department, {{ small_cell('mean', 'people') }} as mean, {{ small_cell('people', 'people') }} as people
from grouped

--- mean suppressed by hand
-- harmless
with grouped as (
    select department, count(distinct person_id) as people, avg(salary) as mean
    from {{ source('crm', 'people') }} group by department
)
select department, case when people < 11 then null else mean end as mean from grouped

--- greatest value for enough people
-- leaks: published.most sensitive
select department, max(salary) as most from {{ source('crm', 'people') }}
group by department having count(distinct person_id) >= 11

--- guard by a column that counts nothing
-- leaks: published.mean sensitive
with grouped as (
    select department, max(email_template_id) as people, avg(salary) as mean
    from {{ source('crm', 'people') }} group by department
)
select department, if(people >= 11, mean) as mean from grouped

--- sum over everybody
-- harmless
select sum(salary) as total, avg(salary) as mean, count(*) as n from {{ source('crm', 'people') }}

--- sum over one person
-- leaks: published.total sensitive
select sum(salary) as total from {{ source('crm', 'people') }} where email = 'jo@example.org'

--- sum of harmless amounts
-- harmless
select product_id, sum(amount) as revenue, max(ordered_at) as last_order from {{ source('crm', 'orders') }}
group by product_id

--- sum of ones
-- harmless
select region, sum(case when gender = 'F' then 1 else 0 end) as women, avg(if(email is null, 1, 0)) as share
from {{ source('crm', 'people') }} group by region

--- filtered aggregate
-- leaks: published.m direct
select region, max(email) filter (where status = 'active') as m from {{ source('crm', 'people') }} group by region

--- filtered count
-- harmless
select region, count(*) filter (where email is not null) as n from {{ source('crm', 'people') }} group by region

--- guarded in a later model
-- harmless
-- model: intermediate/by_department
select department, count(distinct person_id) as people, sum(salary) as total
from {{ source('crm', 'people') }} group by department
-- model: marts/published
select department, if(people >= 11, total) as total from {{ ref('by_department') }}

--- guarded by a filter in a later model
-- harmless
-- model: intermediate/by_diagnosis
select diagnosis, count(distinct person_id) as people from {{ source('crm', 'people') }} group by diagnosis
-- model: marts/published
select diagnosis, people from {{ ref('by_diagnosis') }} where people >= 11

--- window over groups
-- harmless
select region, count(distinct person_id) as people, sum(count(*)) over () as everybody
from {{ source('crm', 'people') }} group by region

--- several generalised attributes
-- harmless
-- warns: PRIV018
select year(admitted_on) as y, {{ zip3('zip_code') }} as area, count(*) as n
from {{ source('crm', 'people') }} group by year(admitted_on), {{ zip3('zip_code') }}

--- days that people are seen on are not people
-- leaks: published.m sensitive
select region, sum(cost) as m from {{ source('crm', 'visits') }} group by region having count(distinct visit_date) >= 11

--- numbers of visits are not people
-- leaks: published.m sensitive
select region, sum(cost) as m from {{ source('crm', 'visits') }} group by region having count(distinct visit_id) >= 11

--- a person and chance are many
-- leaks: published.m sensitive
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct ssn || cast(random() as varchar)) >= 11

--- a person and a day are many
-- leaks: published.m sensitive
select region, sum(cost) as m from {{ source('crm', 'visits') }} group by region having count(distinct person_id || cast(visit_date as varchar)) >= 11

--- a key of a visit made of a person and a day
-- leaks: published.m sensitive
with v as (select *, person_id || cast(visit_date as varchar) as k from {{ source('crm', 'visits') }}) select region, sum(cost) as m from v group by region having count(distinct k) >= 11

--- several phones of one person
-- leaks: published.m sensitive
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct phone) >= 11

--- an estimate is no guard
-- leaks: published.m sensitive
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having approx_distinct(person_id) > 10

--- figure of fewer than are counted
-- leaks: published.m sensitive
select region, sum(salary) filter (where ssn = '1') as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- figure of one inside of an if
-- leaks: published.m sensitive
select region, sum(if(ssn = '1', salary, 0)) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- figure of fewer in a subquery
-- leaks: published.m sensitive
with g as (select region, count(distinct person_id) as n, avg(case when gender = 'F' then salary end) as mean from {{ source('crm', 'people') }} group by region) select region, mean as m from g where n >= 11

--- everybody is counted beside one person
-- leaks: published.m sensitive
with n as (select count(distinct person_id) as n from {{ source('crm', 'visits') }}), t as (select person_id, sum(cost) as total from {{ source('crm', 'visits') }} group by person_id) select t.total as m from t cross join n where n.n >= 11

--- everybody is counted in an if
-- leaks: published.m sensitive
with n as (select count(distinct person_id) as n from {{ source('crm', 'visits') }}), t as (select person_id, sum(cost) as total from {{ source('crm', 'visits') }} group by person_id) select if(n.n >= 11, t.total) as m from n, t

--- joined by what is always so
-- leaks: published.m sensitive
with n as (select count(distinct person_id) as n from {{ source('crm', 'visits') }}), t as (select person_id, sum(cost) as total from {{ source('crm', 'visits') }} group by person_id) select t.total as m from t join n on 1 = 1 where n.n >= 11

--- count and figure with one filter
-- harmless
select region, if(count(distinct person_id) filter (where salary > 0) >= 11, sum(salary) filter (where salary > 0)) as m from {{ source('crm', 'people') }} group by region

--- count and figure with one condition in a subquery
-- harmless
with g as (select region, count(distinct if(gender = 'F', person_id)) as n, avg(case when gender = 'F' then salary end) as mean from {{ source('crm', 'people') }} group by region) select region, mean as m from g where n >= 11

--- count of fewer than the figure is of
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct if(gender = 'F', person_id)) >= 11

--- figure in two units
-- harmless
select region, avg(case when status = 'eur' then salary else salary * 1.1 end) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- pseudonyms are people
-- harmless
with p as (select {{ pseudonym('person_id', 'patients') }} as k, region, salary from {{ source('crm', 'people') }}) select region, sum(salary) as m from p group by region having count(distinct k) >= 11

--- people in another spelling
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct lower(trim(email))) >= 11

--- keys of people by domain
-- harmless
with k as (select region, person_id, max(if(status = 'a', person_id)) as a from {{ source('crm', 'people') }} group by region, person_id) select p.region, sum(p.salary) as m from {{ source('crm', 'people') }} as p join k on k.person_id = p.person_id group by p.region having count(distinct k.a) >= 11

--- guard between two numbers
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) between 11 and 100000

--- guard with a cast
-- harmless
select region, if(count(distinct person_id) >= cast(11 as bigint), sum(salary)) as m from {{ source('crm', 'people') }} group by region

--- guard with a sum
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) > 5 + 5

--- guard with a number for nobody
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having coalesce(count(distinct person_id), 0) >= 11

--- guard with a number for nobody in a subquery
-- harmless
with g as (select region, count(distinct person_id) as n, sum(salary) as s from {{ source('crm', 'people') }} group by region) select region, case when coalesce(n, 0) < 11 then null else s end as m from g

--- guard between too few and many
-- leaks: published.m sensitive
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) between 2 and 100000

--- guard with a large number for nobody
-- leaks: published.m sensitive
select region, sum(salary) as m from {{ source('crm', 'people') }} group by region having coalesce(count(distinct person_id), 11) >= 11 or coalesce(null, 11) >= 11

--- guard of a table that is joined by its key
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region), t as (select region, sum(salary) as total from {{ source('crm', 'people') }} group by region) select t.total as m from t join n on n.region = t.region where n.n >= 11

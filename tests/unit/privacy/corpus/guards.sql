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

--- people of a region counted beside one person of it
-- leaks: published.s sensitive
with t as (select person_id, region, sum(salary) as s from {{ source('crm', 'people') }} group by person_id, region), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select {{ pseudonym('t.person_id', 'patients') }} as k, t.s from t join r on t.region = r.region where r.n >= 11

--- people of a region counted beside a part of it
-- leaks: published.s sensitive
with g as (select region, zip_code, sum(salary) as s from {{ source('crm', 'people') }} group by region, zip_code), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select g.region, g.s from g join r on g.region = r.region where r.n >= 11

--- people of a region counted in an if beside a part of it
-- leaks: published.mean sensitive
with z as (select region, zip_code, avg(salary) as mean from {{ source('crm', 'people') }} group by region, zip_code), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select if(r.n >= 11, z.mean) as mean from z join r using (region)

--- people of a region counted beside a part whose key is not shown
-- leaks: published.s sensitive
with g as (select region, sum(salary) as s from {{ source('crm', 'people') }} group by region, zip_code), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select g.region, g.s from g join r on g.region = r.region where r.n >= 11

--- people counted beside those of one diagnosis
-- leaks: published.s sensitive
with g as (select region, sum(salary) as s from {{ source('crm', 'people') }} where diagnosis = 'rare' group by region), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select g.region, g.s from g join r on g.region = r.region where r.n >= 11

--- people counted beside what others cost
-- leaks: published.s sensitive
with g as (select region, sum(cost) as s from {{ source('crm', 'visits') }} group by region), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select g.region, g.s from g join r on g.region = r.region where r.n >= 11

--- groups tied by another attribute
-- leaks: published.s sensitive
with g as (select zip_code, sum(salary) as s from {{ source('crm', 'people') }} group by zip_code), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select g.s from g join r on g.zip_code = r.region where r.n >= 11

--- other people are counted
-- leaks: published.m sensitive
select p.zip_code, sum(p.salary) as m from {{ source('crm', 'people') }} p cross join {{ source('crm', 'people') }} q group by p.zip_code having count(distinct q.person_id) >= 11

--- groups of other people than are counted
-- leaks: published.zip_code quasi
select p.zip_code, count(*) as m from {{ source('crm', 'people') }} p cross join {{ source('crm', 'people') }} q group by p.zip_code having count(distinct q.person_id) >= 11

--- others of the region are counted
-- leaks: published.m sensitive
select p.zip_code, p.birth_date, avg(p.salary) as m from {{ source('crm', 'people') }} p join {{ source('crm', 'people') }} q on p.region = q.region group by p.zip_code, p.birth_date having count(distinct q.person_id) >= 11

--- others of the region are counted in an if
-- leaks: published.m sensitive
select if(count(distinct q.person_id) >= 11, avg(p.salary)) as m from {{ source('crm', 'people') }} p join {{ source('crm', 'people') }} q using (region) group by p.zip_code

--- people with orders are counted
-- leaks: published.m sensitive
select p.zip_code, sum(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.quantity > 0 group by p.zip_code having count(distinct o.person_id) >= 11

--- mean of some beside all people of the region
-- leaks: published.m sensitive
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select p.region, avg(p.salary) as m from {{ source('crm', 'people') }} as p join n on n.region = p.region where n.n >= 11 and p.diagnosis = 'rare' group by p.region

--- mean by more than the people are counted by
-- leaks: published.m sensitive
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select p.region, avg(p.salary) as m from {{ source('crm', 'people') }} as p join n on n.region = p.region where n.n >= 11 group by p.region, p.zip_code

--- mean by region joined to counts by region
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select p.region, avg(p.salary) as m from {{ source('crm', 'people') }} as p join n on n.region = p.region where n.n >= 11 group by p.region

--- mean by region and the count joined by name
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region) select region, if(n >= 11, avg(salary)) as m from {{ source('crm', 'people') }} join n using (region) group by region, n.n

--- mean by region and status joined to counts by them
-- harmless
with n as (select region, zip_code, count(distinct person_id) as n from {{ source('crm', 'people') }} group by 1, 2), t as (select zip_code, region, avg(salary) as m from {{ source('crm', 'people') }} group by region, zip_code) select t.zip_code, t.m from t join n on n.region = t.region and t.zip_code = n.zip_code where n.n >= 11

--- coarser mean beside finer counts
-- harmless
with n as (select region, zip_code, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region, zip_code), t as (select region, avg(salary) as m from {{ source('crm', 'people') }} group by region) select n.zip_code, t.m from t join n on n.region = t.region where n.n >= 11

--- figure and count of people with one status
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} where status = 'a' group by region), t as (select region, avg(salary) as m from {{ source('crm', 'people') }} as p where p.status = 'a' group by region) select t.m from t join n on n.region = t.region where n.n >= 11

--- people are counted by their visits
-- harmless
select p.zip_code, sum(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'visits') }} as v on v.person_id = p.person_id group by p.zip_code having count(distinct v.person_id) >= 11

--- visits of counted people by name
-- harmless
select p.zip_code, sum(v.cost) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'visits') }} as v using (person_id) group by p.zip_code having count(distinct person_id) >= 11

--- visits of counted people in an if
-- harmless
select p.region, if(count(distinct p.person_id) >= 11, sum(v.cost)) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'visits') }} as v on lower(v.region) = p.region and v.person_id = p.person_id group by p.region

--- prices beside counted people
-- harmless
select r.name, sum(r.price) as m, avg(p.salary) as mean from {{ source('crm', 'orders') }} as o join {{ source('crm', 'people') }} as p on p.person_id = o.person_id join {{ source('crm', 'products') }} as r on r.product_id = o.product_id group by r.name having count(distinct o.person_id) >= 11

--- counted people beside the names of their region
-- harmless
select c.name, avg(p.salary) as m from {{ source('crm', 'people') }} as p join {{ ref('countries') }} as c on c.code = p.region group by c.name having count(distinct p.person_id) >= 11

--- figures of everybody beside counts by region
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region), t as (select sum(salary) as total from {{ source('crm', 'people') }}) select n.region, t.total as m from t cross join n where n.n >= 11

--- counted people of a group by two keys
-- harmless
select p.region, p.gender, avg(p.salary) as m from {{ source('crm', 'people') }} as p group by p.region, p.gender having count(distinct p.person_id) >= 11 and count(*) > 20

--- two counts of a region
-- harmless
with n as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region), t as (select region, count(distinct person_id) as people, avg(salary) as m from {{ source('crm', 'people') }} group by region) select t.region, if(t.people >= 11 and n.n >= 11, t.m) as m from t join n on n.region = t.region

--- words for some people where others are counted
-- leaks: published.label sensitive
select v.label, count(*) as n from {{ source('crm', 'people') }} as p join (values ('a', 'Alpha'), ('b', 'Beta')) as v(code, label) on v.code = p.diagnosis cross join {{ source('crm', 'people') }} as q group by v.label having count(distinct q.person_id) >= 11

--- the count of a region in one table with a part of it
-- leaks: published.s sensitive
with t as (select region, zip_code, sum(salary) as s from {{ source('crm', 'people') }} group by region, zip_code), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region), x as (select t.region, t.s, r.n from t join r on r.region = t.region) select region, s from x where n >= 11

--- the largest sum of one person in a counted group
-- leaks: published.m sensitive
with t as (select person_id, region, sum(cost) as c from {{ source('crm', 'visits') }} group by person_id, region) select region, max(c) as m from t group by region having count(distinct person_id) >= 11

--- the figure of the group before
-- leaks: published.m sensitive
with g as (select region, count(distinct person_id) as n, sum(salary) as s from {{ source('crm', 'people') }} group by region) select region, if(n >= 11, lag(s) over (order by region)) as m from g

--- the count of a region in one table with its figure
-- harmless
with t as (select region, sum(salary) as s from {{ source('crm', 'people') }} group by region), r as (select region, count(distinct person_id) as n from {{ source('crm', 'people') }} group by region), x as (select t.region, t.s, r.n from t join r on r.region = t.region) select region, s from x where n >= 11

--- the mean sum of one person in a counted group
-- harmless
with t as (select person_id, region, sum(cost) as c from {{ source('crm', 'visits') }} group by person_id, region) select region, avg(c) as m from t group by region having count(distinct person_id) >= 11

--- the figure of the counted group before
-- harmless
with g as (select region, count(distinct person_id) as n, sum(salary) as s from {{ source('crm', 'people') }} group by region) select region, s - lag(s) over (order by region) as m from g where n >= 11

--- the share of a counted group
-- harmless
with g as (select region, count(distinct person_id) as n, sum(salary) as s from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11) select region, if(n >= 11, s * 1.0 / sum(s) over ()) as m from g

--- a figure of one person whom an outer join keeps
-- leaks: published.m sensitive
select q.region, sum(p.salary) as m from {{ source('crm', 'people') }} q left join {{ source('crm', 'people') }} p on p.person_id = q.person_id and p.ssn = '1' group by q.region having count(distinct q.person_id) >= 11

--- people whom an outer join gives are counted
-- harmless
select p.region, sum(p.salary) as m from {{ source('crm', 'people') }} as p left join {{ source('crm', 'visits') }} as v on v.person_id = p.person_id group by p.region having count(distinct v.person_id) >= 11

--- tied by a batch
-- leaks: published.m sensitive
select p.region, sum(p.salary) as m from {{ source('crm', 'people') }} p join {{ source('crm', 'people') }} q on p._batch_id = q._batch_id group by p.region having count(distinct q.person_id) >= 11

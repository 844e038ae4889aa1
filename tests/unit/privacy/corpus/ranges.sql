--- born between a day and itself
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where birth_date between date '1950-03-03' and date '1950-03-03'

--- born after a day and before the next
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where birth_date >= date '1950-03-03' and birth_date < date '1950-03-04'

--- born after a day that stands first
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where date '1950-03-03' <= birth_date and birth_date < date '1950-03-04' and status = 'a'

--- ZIP code within a range in a filter
-- leaks: published.m sensitive
select sum(salary) filter (where zip_code > '02138' and zip_code < '02140') as m from {{ source('crm', 'people') }}

--- born in a year at the beginning of a ZIP code
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where substr(zip_code, 1, 5) = '02139' and year(birth_date) = 1926

--- a part of the ZIP code in a case
-- leaks: published.m sensitive
select sum(case when reverse(zip_code) = '93120' then salary end) as m from {{ source('crm', 'people') }}

--- everybody without a part of a ZIP code
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where substr(zip_code, 1, 5) <> '02139'

--- ZIP codes that begin alike
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where starts_with(zip_code, '02139')

--- ZIP codes of an array
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where contains(array['02139'], zip_code)

--- who earns most
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where p.salary = (select max(salary) from {{ source('crm', 'people') }})

--- who earns as much as somebody
-- leaks: published.m sensitive
select avg(p.salary) as m from {{ source('crm', 'people') }} as p where p.salary >= (select max(salary) from {{ source('crm', 'people') }} where region = 'a')

--- who earns most by a window
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, max(salary) over () as most from {{ source('crm', 'people') }}) as p where salary = most

--- the last by an offset
-- leaks: published.m sensitive
select sum(salary) as m from (select salary from {{ source('crm', 'people') }} order by salary offset 999 rows) as x

--- a sample of a few
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} tablesample bernoulli (0.01)

--- a few drawn by lot
-- leaks: published.m sensitive
select avg(salary) as m from {{ source('crm', 'people') }} where random() < 0.001

--- a few by their lots
-- leaks: published.m sensitive
with drawn as (select salary, floor(random() * 100000) as lot from {{ source('crm', 'people') }})
select avg(salary) as m from drawn where lot = 7

--- drawn by lot, whatever for
-- harmless
select region, random(10) as lot from {{ source('crm', 'people') }} where random() < 0.1

--- everybody without all but one
-- leaks: published.m sensitive
select sum(salary) as m from (select person_id, salary from {{ source('crm', 'people') }} except select person_id, salary from {{ source('crm', 'people') }} where ssn <> '1') as x

--- everybody without those of a status
-- leaks: published.m sensitive
select sum(salary) as m from (select person_id, salary from {{ source('crm', 'people') }} except select person_id, salary from {{ source('crm', 'people') }} where region <> 'x') as x

--- born after a day
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where birth_date > date '1950-03-03'

--- seen in a year
-- harmless
select sum(cost) as m from {{ source('crm', 'visits') }} where year(visit_date) = 2024

--- costs within a range
-- harmless
select sum(cost) as m from {{ source('crm', 'visits') }} where cost between 10 and 1000 and cost <> 0

--- earning more than the mean
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where salary > (select avg(salary) from {{ source('crm', 'people') }})

--- ZIP codes of five digits
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where length(zip_code) = 5 and zip_code is not null

--- orders of a quarter
-- harmless
select sum(amount) as m from {{ source('crm', 'orders') }} where ordered_at >= timestamp '2024-01-01 00:00:00' and ordered_at < timestamp '2024-04-01 00:00:00'

--- regions that begin alike
-- harmless
select avg(salary) as m from {{ source('crm', 'people') }} where starts_with(region, 'a') and contains(array['x', 'y'], status)

--- born in a range, enough people
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }} where birth_date between date '1950-01-01' and date '1959-12-31' group by region having count(distinct person_id) >= 11

--- areas of many people
-- harmless
select avg(salary) as m from {{ source('crm', 'people') }} where {{ zip3('zip_code') }} = '021'

--- regions without those of others
-- harmless
select count(*) as n from (select region from {{ source('crm', 'people') }} except select region from {{ source('crm', 'visits') }}) as x

--- people without others
-- harmless
select count(*) as n from (select person_id from {{ source('crm', 'people') }} except select person_id from {{ source('crm', 'orders') }}) as x

--- a sample of orders
-- harmless
select sum(amount) as m from {{ source('crm', 'orders') }} tablesample bernoulli (10)

--- orders from a place on
-- harmless
select sum(amount) as m from (select amount from {{ source('crm', 'orders') }} order by amount offset 10 rows) as x

--- visits of people between dates of others
-- harmless
select sum(v.cost) as m from {{ source('crm', 'visits') }} as v join {{ source('crm', 'people') }} as p on p.person_id = v.person_id where v.visit_date >= p.admitted_on and v.visit_date < date_add('day', 30, p.admitted_on)

--- quantities in a range
-- harmless
select avg(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id where o.quantity between 1 and 10

--- born in a range of a join
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join (values 1) as v(x) on p.birth_date between date '1950-03-03' and date '1950-03-03'

--- born not before and not after
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where not (birth_date < date '1950-03-03' or birth_date > date '1950-03-03')

--- born less than a day away
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where abs(date_diff('day', birth_date, date '1950-03-03')) < 1

--- visits that are joined by their day
-- harmless
select sum(v.cost) as m from {{ source('crm', 'visits') }} as v join {{ source('crm', 'people') }} as p on p.person_id = v.person_id and p.admitted_on = v.visit_date

--- visits of a status that is joined
-- harmless
select sum(v.cost) as m from {{ source('crm', 'visits') }} as v join {{ source('crm', 'people') }} as p on p.person_id = v.person_id and p.status in ('a', 'b') and v.cost > 10

--- born in a range of two queries
-- leaks: published.m sensitive
with late as (select * from {{ source('crm', 'people') }} where birth_date >= date '1950-03-03') select sum(salary) as m from late where late.birth_date <= date '1950-03-03'

--- one end of a range twice
-- harmless
with late as (select * from {{ source('crm', 'people') }} where birth_date >= date '1950-03-03') select sum(salary) as m from late where late.birth_date > date '1950-04-03'

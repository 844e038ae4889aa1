--- the last row by its time
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where created_at >= (select max(created_at) from {{ source('crm', 'people') }})

--- the last row by the greatest time less nothing
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where created_at > (select max(created_at) - interval '1' second from {{ source('crm', 'people') }})

--- the last row by a window
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, created_at, max(created_at) over () as l from {{ source('crm', 'people') }}) as x where created_at >= l

--- the last row by a window over one part
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, created_at, max(created_at) over (partition by 1) as l from {{ source('crm', 'people') }}) as x where not created_at < l

--- the last row by a join that finds none
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p left join {{ source('crm', 'people') }} as q on q.created_at > p.created_at where q.person_id is null

--- the first row by the one before
-- leaks: published.m sensitive
select sum(if(prev is null, salary)) as m from (select salary, lag(created_at) over (order by created_at) as prev from {{ source('crm', 'people') }}) as x

--- the last row by the one after
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, lead(birth_date) over (order by birth_date) as next from {{ source('crm', 'people') }}) as x where coalesce(next, date '1900-01-01') = date '1900-01-01'

--- people whose name occurs once
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join (select last_name from {{ source('crm', 'people') }} group by 1 having count(*) = 1) as u on u.last_name = p.last_name

--- people whose name occurs once, by a list
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where last_name in (select last_name from {{ source('crm', 'people') }} group by last_name having count(*) < 2)

--- people who alone live there
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, count(*) over (partition by zip_code) as n from {{ source('crm', 'people') }}) as x where n = 1

--- people who alone are called so
-- leaks: published.m sensitive
select sum(if(n = 1, salary)) as m from (select salary, count(*) over (partition by last_name) as n from {{ source('crm', 'people') }}) as x

--- all without the last
-- leaks: published.m sensitive
select sum(salary) - sum(if(created_at < (select max(created_at) from {{ source('crm', 'people') }}), salary)) as m from {{ source('crm', 'people') }}

--- the row that is as late as all
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where created_at >= all (select created_at from {{ source('crm', 'people') }})

--- the row that is not before any
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where not created_at < any (select created_at from {{ source('crm', 'people') }})

--- the row that none is after
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where not exists (select 1 from {{ source('crm', 'people') }} as q where q.created_at > p.created_at)

--- the oldest
-- leaks: published.m sensitive
select avg(p.salary) as m from {{ source('crm', 'people') }} as p where p.birth_date <= (select min(birth_date) from {{ source('crm', 'people') }})

--- the last row by a named subquery
-- leaks: published.m sensitive
with l as (select max(created_at) as at from {{ source('crm', 'people') }}) select sum(p.salary) as m from {{ source('crm', 'people') }} as p cross join l where p.created_at >= l.at

--- the last row of a model
-- leaks: published.m sensitive
-- model: staging/last_one
select max(created_at) as at from {{ source('crm', 'people') }}
-- model: staging/stg_people
select salary, created_at from {{ source('crm', 'people') }}
-- model: marts/published
select sum(p.salary) as m from {{ ref('stg_people') }} as p cross join {{ ref('last_one') }} as l where p.created_at >= l.at

--- the last month
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where created_at >= (select max(created_at) - interval '30' day from {{ source('crm', 'people') }})

--- the last month by a function
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where created_at >= (select date_add('day', -30, max(created_at)) from {{ source('crm', 'people') }})

--- since the beginning of the last month
-- harmless
select sum(cost) as m from {{ source('crm', 'visits') }} where visit_date >= (select date_trunc('month', max(visit_date)) from {{ source('crm', 'visits') }})

--- since the last order of anybody
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where created_at >= (select max(ordered_at) from {{ source('crm', 'orders') }})

--- the last visit of every person
-- harmless
select sum(v.cost) as m from {{ source('crm', 'visits') }} as v where not exists (select 1 from {{ source('crm', 'visits') }} as w where w.person_id = v.person_id and w.visit_date > v.visit_date)

--- the first visit of every person by a join
-- harmless
select sum(v.cost) as m from {{ source('crm', 'visits') }} as v left join {{ source('crm', 'visits') }} as w on w.person_id = v.person_id and w.visit_date < v.visit_date where w.visit_id is null

--- the first visit of every person by the one before
-- harmless
select sum(cost) as m from (select cost, lag(visit_date) over (partition by person_id order by visit_date) as prev from {{ source('crm', 'visits') }}) as x where prev is null

--- people with one order
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where p.person_id in (select person_id from {{ source('crm', 'orders') }} group by person_id having count(*) = 1)

--- people with one row
-- harmless
select sum(salary) as m from (select salary, count(*) over (partition by person_id) as n from {{ source('crm', 'people') }}) as x where n = 1

--- names that occur several times
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join (select last_name from {{ source('crm', 'people') }} group by 1 having count(*) > 20) as u on u.last_name = p.last_name where region = 'a'

--- amounts up to the last
-- harmless
select sum(amount) as m from {{ source('crm', 'orders') }} where ordered_at >= (select max(ordered_at) from {{ source('crm', 'orders') }})

--- earning less than some
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where region = any (select region from {{ source('crm', 'visits') }}) and status <> all (select region from {{ source('crm', 'visits') }})

--- the last time beside every region
-- harmless
select region, max(created_at) as at, count(*) as n from {{ source('crm', 'people') }} group by region

--- visits longer than a month after the one before
-- harmless
select count_if(date_diff('day', prev, visit_date) > 30) as m from (select visit_date, lag(visit_date) over (partition by person_id order by visit_date) as prev from {{ source('crm', 'visits') }}) as x

--- the first row by how many are before
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where (select count(*) from {{ source('crm', 'people') }} as q where q.created_at < p.created_at) = 0

--- the first row by a running count
-- leaks: published.m sensitive
select sum(if(n = 1, salary)) as m from (select salary, count(*) over (order by created_at) as n from {{ source('crm', 'people') }}) as x

--- between the last and now
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where created_at between (select max(created_at) from {{ source('crm', 'people') }}) and current_timestamp

--- people with several visits
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where (select count(*) from {{ source('crm', 'visits') }} as v where v.person_id = p.person_id) > 1

--- orders from the half of an amount on
-- harmless
select sum(amount) as m from (select amount, sum(amount) over (order by ordered_at) as n from {{ source('crm', 'orders') }}) as x where n > 500

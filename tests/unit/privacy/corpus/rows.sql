--- sum for one row by another spelling of its key
-- leaks: published.total_cost sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, (select sum(v.cost) from {{ source('crm', 'visits') }} as v where lower(v.person_id) = lower(p.person_id)) as total_cost from {{ source('crm', 'people') }} as p

--- sum for one row by what is not distinct
-- leaks: published.m sensitive
select p.region, (select sum(q.salary) from {{ source('crm', 'people') }} as q where q.person_id is not distinct from p.person_id) as m from {{ source('crm', 'people') }} as p

--- sum for one row by a concatenation
-- leaks: published.m sensitive
select p.region, (select sum(q.salary) from {{ source('crm', 'people') }} as q where q.person_id || '' = p.person_id || '') as m from {{ source('crm', 'people') }} as p

--- sum for one row of a derived table
-- leaks: published.total_cost sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, (select sum(d.cost) from (select v.cost from {{ source('crm', 'visits') }} as v where v.person_id = p.person_id) as d) as total_cost from {{ source('crm', 'people') }} as p

--- sum for one row of a named subquery
-- leaks: published.total_cost sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, (with d as (select v.cost from {{ source('crm', 'visits') }} as v where v.person_id = p.person_id) select sum(d.cost) from d) as total_cost from {{ source('crm', 'people') }} as p

--- sum for one row of a branch of a union
-- leaks: published.total_cost sensitive
select p.region, (select sum(d.cost) from (select 0 as cost union all select v.cost from {{ source('crm', 'visits') }} as v where v.person_id = p.person_id) as d) as total_cost from {{ source('crm', 'people') }} as p

--- sum for one row by a join inside
-- leaks: published.m sensitive
select p.region, (select sum(q.salary) from {{ source('crm', 'visits') }} as v join {{ source('crm', 'people') }} as q on q.person_id = v.person_id and q.person_id = p.person_id) as m from {{ source('crm', 'people') }} as p

--- sum of a value of the row around
-- leaks: published.m sensitive
select p.region, (select sum(p.salary * x) from unnest(array[1]) as t(x)) as m from {{ source('crm', 'people') }} as p

--- mean of a value of the row around
-- leaks: published.m sensitive
select p.region, (select avg(p.salary) from (values 1) as t(x)) as m from {{ source('crm', 'people') }} as p

--- sum of an array of the row around
-- leaks: published.m sensitive
select p.region, (select sum(x) from unnest(array[p.salary]) as t(x)) as m from {{ source('crm', 'people') }} as p

--- lateral sum of a value of the row around
-- leaks: published.m sensitive
select p.region, t.m from {{ source('crm', 'people') }} as p cross join lateral (select sum(p.salary) as m) as t

--- sum for one row two queries further in
-- leaks: published.m sensitive
select p.region, (select max((select sum(q.salary) from {{ source('crm', 'people') }} as q where q.person_id = p.person_id)) from (values 1) as t(x)) as m from {{ source('crm', 'people') }} as p

--- sum over everybody beside every row
-- harmless
select p.region, (select sum(q.salary) from {{ source('crm', 'people') }} as q) as m from {{ source('crm', 'people') }} as p

--- sum over everybody of a status beside every row
-- harmless
select p.region, (select avg(q.salary) from {{ source('crm', 'people') }} as q where q.status = 'active') as m from {{ source('crm', 'people') }} as p

--- sum over everybody who has an order
-- harmless
select o.product_id, (select avg(p.salary) from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as x on x.person_id = p.person_id) as m from {{ source('crm', 'orders') }} as o

--- sum over everybody who has an order, by a subquery of its own
-- harmless
select o.product_id, (select avg(p.salary) from {{ source('crm', 'people') }} as p where exists (select 1 from {{ source('crm', 'orders') }} as x where x.person_id = p.person_id)) as m from {{ source('crm', 'orders') }} as o

--- sum over everybody of a derived table
-- harmless
select o.product_id, (select sum(d.cost) from (select v.cost from {{ source('crm', 'visits') }} as v where v.cost > 0) as d) as m from {{ source('crm', 'orders') }} as o

--- sum over everybody of a named subquery
-- harmless
with d as (select cost from {{ source('crm', 'visits') }}) select r.name, (select sum(d.cost) from d) as m from {{ source('crm', 'products') }} as r

--- amounts of a product for its row
-- harmless
select r.name, (select sum(o.amount) from {{ source('crm', 'orders') }} as o where o.product_id = r.product_id) as m from {{ source('crm', 'products') }} as r

--- people of a product for its row
-- harmless
select r.name, (select count(distinct o.person_id) from {{ source('crm', 'orders') }} as o where o.product_id = r.product_id) as n from {{ source('crm', 'products') }} as r

--- guarded mean of a region for its row
-- harmless
select r.name, (select if(count(distinct p.person_id) >= 11, avg(p.salary)) from {{ source('crm', 'people') }} as p where p.region = r.name) as m from {{ source('crm', 'products') }} as r

--- lateral sum over everybody
-- harmless
select r.name, t.m from {{ source('crm', 'products') }} as r cross join lateral (select sum(q.salary) as m from {{ source('crm', 'people') }} as q) as t

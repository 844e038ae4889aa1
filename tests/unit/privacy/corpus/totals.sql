--- one person in another spelling
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where lower(trim(email)) = 'jo'

--- one person between two values
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where ssn between '1' and '1'

--- one person by a regular expression
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where regexp_like(ssn, '^1$')

--- one person by a prefix
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where starts_with(ssn, '123')

--- one person that is not distinct
-- leaks: published.m sensitive
select avg(salary) as m from {{ source('crm', 'people') }} where ssn is not distinct from '1'

--- one person by a list that is joined
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join (values ('123')) as v(x) on p.ssn = v.x

--- one person by a list that is joined by name
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} join (values ('123')) as v(ssn) using (ssn)

--- one person by a list that exists
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where exists (select 1 from (values '1') as v(x) where v.x = p.ssn)

--- one person by a list
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where ssn in (select x from (values '1') as v(x))

--- one person by a list of one person
-- leaks: published.m sensitive
select sum(salary) as m from {{ source('crm', 'people') }} where ssn in (select ssn from {{ source('crm', 'people') }} where email = 'jo')

--- one person by the place
-- leaks: published.m sensitive
select sum(salary) as m from (select salary, row_number() over (order by ssn) as rn from {{ source('crm', 'people') }}) where rn = 1

--- few people by the place
-- leaks: published.m sensitive
with r as (select salary, rank() over (order by salary desc) as rn from {{ source('crm', 'people') }}), t as (select * from r where rn <= 2) select avg(salary) as m from t

--- one person in a join
-- leaks: published.m sensitive
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id and upper(p.email) = 'JO'

--- people that have something
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p where exists (select 1 from {{ source('crm', 'orders') }} as o where o.person_id = p.person_id)

--- people among others
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where person_id in (select person_id from {{ source('crm', 'orders') }})

--- people with their orders
-- harmless
select sum(o.amount) as n, avg(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id

--- people with their orders by name
-- harmless
select avg(salary) as m from {{ source('crm', 'people') }} join {{ source('crm', 'orders') }} using (person_id)

--- people without an address
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where email is null

--- people with an address
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where email is not null and email <> ''

--- the last row of every person
-- harmless
select sum(salary) as m from (select salary, row_number() over (partition by person_id order by created_at desc) as rn from {{ source('crm', 'people') }}) where rn = 1

--- people of one status
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where status = 'active' and region in ('a', 'b')

--- people with a status from a list
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join (values ('a', 1), ('b', 2)) as v(status, n) on v.status = p.status

--- people above an amount
-- harmless
select sum(salary) as m from {{ source('crm', 'people') }} where salary > 1000

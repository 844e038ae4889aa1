--- every value in digits of its own
-- leaks: published.m sensitive
select sum(salary * power(1000000, rn)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- every value shifted by its place
-- leaks: published.m sensitive
select sum(bitwise_left_shift(cast(salary as bigint), cast(24 * rn as integer))) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- one value far above the others
-- leaks: published.m sensitive
select region, sum(if(rn = 1, salary * 1000000000, salary)) as m from (select region, person_id, salary, row_number() over (partition by region order by created_at) as rn from {{ source('crm', 'people') }}) group by region having count(distinct person_id) >= 11

--- one value a little above the others
-- leaks: published.m sensitive
select region, sum(if(rn = 1, salary * 2, salary)) as m from (select region, person_id, salary, row_number() over (partition by region order by created_at) as rn from {{ source('crm', 'people') }}) group by region having count(distinct person_id) >= 11

--- weights of a subquery
-- leaks: published.m sensitive
with w as (select person_id, salary, power(1000000, row_number() over (order by person_id)) as weight from {{ source('crm', 'people') }}) select sum(salary * weight) as m from w having count(distinct person_id) >= 11

--- weighted values of a subquery
-- leaks: published.m sensitive
with w as (select salary * exp(20 * rn) as x from (select salary, rank() over (partition by region order by person_id) as rn from {{ source('crm', 'people') }})) select avg(x) as m from w

--- weights of a technical column
-- leaks: published.m sensitive
select sum(p.salary * power(1000, mod(o.order_id, 15))) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id

--- weights by chance
-- leaks: published.m sensitive
select sum(salary * power(1000, floor(random() * 100))) as m from {{ source('crm', 'people') }}

--- weights written out
-- leaks: published.m sensitive
select sum(cast(rpad(cast(salary as varchar), cast(rn as integer) * 6, '0') as double)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- weights of a list
-- leaks: published.m sensitive
select sum(salary * element_at(array[1, 1000000, 1000000000000], rn)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- weights of a list of words
-- leaks: published.m sensitive
select sum(p.salary * v.weight) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }}) as p join (values (1, 1), (2, 1000000)) as v(place, weight) on v.place = p.rn

--- who is ill, in bits
-- leaks: published.m sensitive
select sum(if(diagnosis = 'flu', power(2, rn), 0)) as m from (select diagnosis, row_number() over () as rn from {{ source('crm', 'people') }})

--- who earns much, in bits
-- leaks: published.m sensitive
select sum(cast(salary > 100000 as bigint) * power(2, rn)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- who is ill, by place
-- leaks: published.m sensitive
select sum(if(diagnosis = 'flu', rn, 0)) as m from (select diagnosis, row_number() over () as rn from {{ source('crm', 'people') }})

--- how many have which age, in digits
-- leaks: published.m quasi
select sum(power(10, date_diff('year', birth_date, current_date))) as m from {{ source('crm', 'people') }}

--- the largest value through a high power
-- leaks: published.m sensitive
select power(sum(power(salary, 40)), 1e0 / 40) as m from {{ source('crm', 'people') }} having count(distinct person_id) >= 11

--- values of regions in digits of their own
-- leaks: published.m sensitive
select sum(case region when 'a' then salary * 1e12 when 'b' then salary * 1e6 else salary end) as m from {{ source('crm', 'people') }} having count(distinct person_id) >= 11

--- values of a subquery about the row
-- leaks: published.m sensitive
select sum(p.salary * (select v.w from (values (1, 1), (2, 1000000)) as v(n, w) where v.n = p.rn)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }}) as p

--- a running sum of bits
-- leaks: published.m sensitive
select sum(if(diagnosis = 'flu', power(2, rn), 0)) over () as m from (select diagnosis, row_number() over () as rn from {{ source('crm', 'people') }})

--- in another unit
-- harmless
select sum(salary / 1000) as thousands, avg(salary * 12e0) as yearly, sum(if(status = 'monthly', salary * 12, salary)) as m from {{ source('crm', 'people') }}

--- credit and debit
-- harmless
select region, sum(case when status = 'refund' then -salary else salary end) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- price times quantity
-- harmless
select sum(p.salary * o.quantity) as m, sum(o.amount * o.quantity) as n from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id

--- squares and roots
-- harmless
select sum(power(salary, 2)) as squares, avg(sqrt(salary)) as roots, avg(ln(salary)) as logarithms, stddev(salary) as spread from {{ source('crm', 'people') }}

--- times between days
-- harmless
select avg(date_diff('day', admitted_on, birth_date)) as days, sum(date_diff('day', admitted_on, birth_date) * salary) as m from {{ source('crm', 'people') }}

--- the first of each person
-- harmless
select sum(if(rn = 1, salary, 0)) as m, sum(salary) filter (where rn = 1) as n from (select salary, row_number() over (partition by person_id order by created_at) as rn from {{ source('crm', 'people') }})

--- powers of what is harmless
-- harmless
select product_id, sum(amount * power(1.02, quantity)) as m, avg(price_rank * amount) as n from (select product_id, amount, quantity, rank() over (partition by product_id order by amount) as price_rank from {{ source('crm', 'orders') }}) group by product_id

--- shares of a total
-- harmless
select sum(salary / total) as m from (select salary, sum(salary) over () as total, count(*) over () as people from {{ source('crm', 'people') }})

--- points by a word
-- harmless
select region, sum(case gender when 'F' then 3 when 'M' then 2 else 1 end) as points from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- numbers read from a text
-- harmless
select region, avg(try_cast(regexp_extract(notes, '[0-9]+') as double)) as mean from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11
--- rates of a table
-- harmless
select sum(p.salary * r.price) as m, sum(p.salary * (select max(price) from {{ source('crm', 'products') }})) as n from {{ source('crm', 'people') }} as p cross join {{ source('crm', 'products') }} as r

--- weights of a seed by place
-- leaks: published.m sensitive
select sum(p.salary * cast(c.name as bigint)) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }}) as p join {{ ref('countries') }} as c on c.code = p.rn

--- rows as many as their place says
-- leaks: published.m sensitive
select sum(p.salary) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }}) as p cross join unnest(sequence(1, cast(power(100, p.rn) as bigint))) as t(n)

--- rows as many as numbers are below their place
-- leaks: published.m sensitive
with d as (select p.salary from (select salary, row_number() over () as rn from {{ source('crm', 'people') }}) as p join unnest(sequence(1, 1000000)) as t(n) on t.n <= power(10, p.rn)) select sum(salary) as m from d

--- weights of a seed by region
-- harmless
select sum(p.salary * cast(c.name as double)) as m from {{ source('crm', 'people') }} as p join {{ ref('countries') }} as c on c.code = p.region

--- rows as many as ordered
-- harmless
select sum(p.salary) as m from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id cross join unnest(sequence(1, o.quantity)) as t(n) where t.n <= o.quantity

--- weights by place in branches
-- leaks: published.m sensitive
select sum(salary * case when rn = 1 then 1 when rn = 2 then 500 end) as m from (select salary, row_number() over () as rn from {{ source('crm', 'people') }})

--- what is left over counts for the first
-- harmless
with d as (select p.region, p.person_id, if(t.n = 1, p.salary - least(p.salary, 10) + 1, 1) as x from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 10)) as t(n)) select region, sum(x) as m from d group by region having count(distinct person_id) >= 11

--- a weighted mean of prices
-- harmless
select product_id, sum(amount * quantity) / sum(quantity) as m from {{ source('crm', 'orders') }} group by product_id

--- salaries in a currency
-- harmless
select sum(salary * case region when 'us' then 1e0 when 'uk' then 1.27e0 else 1.08e0 end) as m from {{ source('crm', 'people') }}

--- hours and minutes
-- harmless
select sum(if(region = 'hours', cost * 60, cost)) as m from {{ source('crm', 'visits') }}

--- the share of those who are ill
-- harmless
select region, avg(if(diagnosis = 'flu', 1.0, 0.0)) as share, sum(cast(diagnosis is null as integer)) as unknown from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- interest over years
-- harmless
select product_id, sum(amount * power(1 + 0.02, 5)) as m from {{ source('crm', 'orders') }} group by product_id

--- a mean of logarithms over enough people
-- harmless
select region, exp(avg(ln(salary))) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- a spread from squares
-- harmless
select region, sqrt(avg(power(salary, 2)) - power(avg(salary), 2)) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- the first three orders of each person
-- harmless
select sum(amount) as m from (select amount, row_number() over (partition by person_id order by ordered_at) as rn from {{ source('crm', 'orders') }}) where rn <= 3

--- places of products by revenue
-- harmless
select product_id, sum(amount) as m, rank() over (order by sum(amount) desc) as place from {{ source('crm', 'orders') }} group by product_id

--- costs per night
-- harmless
select region, sum(cost / nullif(date_diff('day', visit_date, current_date), 0)) as m from {{ source('crm', 'visits') }} group by region having count(distinct person_id) >= 11

--- costs without what others pay
-- harmless
select sum(greatest(cost - least(cost, 100), 0)) as m, sum(coalesce(cost, 0)) as n from {{ source('crm', 'visits') }}

--- costs with an amount beside
-- harmless
select sum(v.cost + o.amount * o.quantity) as m from {{ source('crm', 'visits') }} as v join {{ source('crm', 'orders') }} as o on o.person_id = v.person_id

--- a correlation
-- harmless
select corr(v.cost, o.amount) as m, regr_slope(v.cost, o.amount) as n from {{ source('crm', 'visits') }} as v join {{ source('crm', 'orders') }} as o on o.person_id = v.person_id

--- bits of permissions
-- harmless
select region, sum(power(2, level)) as m from (select region, cast(status as integer) as level from {{ source('crm', 'people') }}) group by region

--- a mean of ages
-- harmless
select region, avg(date_diff('year', birth_date, current_date)) as m from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- rows of a calendar
-- harmless
select sum(o.amount) as m from {{ source('crm', 'orders') }} as o cross join unnest(sequence(1, 12)) as t(month) where t.month <= 6

--- a cumulated sum of counts
-- harmless
select region, sum(n) over (order by region) as m from (select region, count(*) as n from {{ source('crm', 'people') }} group by region)

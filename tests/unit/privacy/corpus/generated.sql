--- every number that somebody has
-- leaks: published.n direct
select {{ pseudonym('p.person_id', 'patients') }} as k, t.n from unnest(sequence(0, 999999999)) as t(n) join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = t.n

--- every number that somebody has, in WHERE
-- leaks: published.n direct
select t.n + 1 as n from unnest(sequence(0, 999999999)) as t(n), {{ source('crm', 'people') }} as p where t.n - cast(p.ssn as bigint) = 0

--- every number that exists
-- leaks: published.n direct
select t.n from unnest(sequence(0, 999999999)) as t(n) where exists (select 1 from {{ source('crm', 'people') }} as p where cast(p.ssn as bigint) = t.n)

--- every number that is in a query
-- leaks: published.n direct
select t.n from unnest(sequence(0, 999999999)) as t(n) where t.n in (select cast(ssn as bigint) from {{ source('crm', 'people') }})

--- every number that is any of a query
-- leaks: published.n direct
select t.n from unnest(sequence(0, 999999999)) as t(n) where t.n = any (select cast(ssn as bigint) from {{ source('crm', 'people') }})

--- every number that a shown subquery counts
-- leaks: published.n direct
select x.n from (select t.n, (select count(*) from {{ source('crm', 'people') }} as p where cast(p.ssn as bigint) = t.n) as c from unnest(sequence(0, 9999)) as t(n)) as x where x.c > 0

--- all numbers without those that nobody has
-- leaks: published.n direct
select n from unnest(sequence(0, 99999)) as t(n) except (select n from unnest(sequence(0, 99999)) as t(n) except select cast(ssn as bigint) from {{ source('crm', 'people') }})

--- the number in a column beside
-- leaks: published.m direct
select d.m from (select n, n as m from unnest(sequence(0, 99999)) as t(n)) as d join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = d.n

--- numbers of a table function
-- leaks: published.n direct
select s.sequential_number as n from table(sequence(start => 0, stop => 999999)) as s join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = s.sequential_number

--- numbers of a recursion
-- leaks: published.n direct
with recursive t(n) as (select 0 union all select n + 1 from t where n < 1000000) select t.n from t join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = t.n

--- numbers of rows
-- leaks: published.n direct
with t as (select row_number() over (order by order_id) as n from {{ source('crm', 'orders') }}) select t.n from t join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = t.n

--- numbers of a model
-- leaks: published.n direct
-- model: staging/numbers
select n from unnest(sequence(0, 99999)) as t(n)
-- model: marts/published
select t.n from {{ ref('numbers') }} as t join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = t.n

--- addresses of a list
-- leaks: published.e direct
select v.e, count(*) as n from (values ('a@example.org'), ('c@example.org')) as v(e) join {{ source('crm', 'people') }} as p on p.email = v.e group by v.e

--- words for what is sensitive
-- leaks: published.label sensitive
select v.label from (values ('a', 'Alpha'), ('b', 'Beta')) as v(code, label) join {{ source('crm', 'people') }} as p on p.diagnosis = v.code

--- the first number that is equal
-- leaks: published.x direct
select find_first(sequence(0, 999999), e -> e = cast(ssn as bigint)) as x from {{ source('crm', 'people') }}

--- the numbers that are equal
-- leaks: published.x direct
select filter(transform(sequence(0, 999999), i -> cast(i as varchar)), e -> e = substr(ssn, 1, 6)) as x from {{ source('crm', 'people') }}

--- a word that is equal
-- leaks: published.x quasi
select element_at(filter(array['F', 'M'], e -> e = gender), 1) as x from {{ source('crm', 'people') }}

--- numbers that are reduced to one
-- leaks: published.x direct
select reduce(sequence(0, 999999), 0, (s, e) -> if(e = cast(ssn as bigint), e, s), s -> s) as x from {{ source('crm', 'people') }}

--- a number in a branch
-- leaks: published.x direct
select if(t.n = cast(p.ssn as bigint), t.n) as x from {{ source('crm', 'people') }} as p cross join unnest(sequence(0, 999999)) as t(n)

--- rows as many as somebody earns
-- leaks: published.n sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, count(*) as n from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n) group by p.person_id

--- ones as many as somebody earns
-- leaks: published.n sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, sum(1) as n from {{ source('crm', 'people') }} as p cross join unnest(repeat('x', cast(p.salary as integer))) as t(x) group by p.person_id

--- the place of the last row
-- leaks: published.n quasi
select max(t.o) as n from {{ source('crm', 'people') }} as p cross join unnest(repeat(1, cast(p.zip_code as integer))) with ordinality as t(i, o) group by p.person_id

--- the greatest number below
-- leaks: published.salary sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, max(t.n) as salary from {{ source('crm', 'people') }} as p join unnest(sequence(0, 999999)) as t(n) on t.n <= p.salary group by p.person_id

--- how many numbers are below
-- leaks: published.n sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, count(*) as n from {{ source('crm', 'people') }} as p join unnest(sequence(0, 999999)) as t(n) on t.n <= p.salary group by p.person_id

--- a long way through a recursion
-- leaks: published.a13 direct
with recursive r(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, n) as (select ssn, '', '', '', '', '', '', '', '', '', '', '', '', 0 from {{ source('crm', 'people') }} union all select '', a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, n + 1 from r where n < 13) select a13 from r where n = 12

--- words for a status
-- harmless
select v.label, count(*) as n from {{ source('crm', 'people') }} as p join (values ('a', 'Active'), ('b', 'Blocked')) as v(code, label) on v.code = p.status group by v.label

--- words for a sensitive one over enough people
-- harmless
select v.label, count(*) as n from {{ source('crm', 'people') }} as p join (values ('a', 'Alpha'), ('b', 'Beta')) as v(code, label) on v.code = p.diagnosis group by v.label having count(distinct p.person_id) >= 11

--- every day of orders
-- harmless
select d.day, count(o.order_id) as n from unnest(sequence(date '2024-01-01', date '2024-12-31')) as d(day) left join {{ source('crm', 'orders') }} as o on cast(o.ordered_at as date) = d.day group by d.day

--- months of visits of enough people
-- harmless
select d.month, count(*) as n from unnest(sequence(date '2024-01-01', date '2024-12-31', interval '1' month)) as d(month) join {{ source('crm', 'visits') }} as v on date_trunc('month', v.visit_date) = d.month group by d.month having count(distinct v.person_id) >= 11

--- numbers of products
-- harmless
select t.n, r.name from unnest(sequence(1, 10)) as t(n) join {{ source('crm', 'products') }} as r on r.price >= t.n

--- numbers beside people
-- harmless
select t.n, p.region from unnest(sequence(1, 3)) as t(n) cross join {{ source('crm', 'people') }} as p

--- numbers that are held against numbers
-- harmless
select t.n, p.region from unnest(sequence(1, 3)) as t(n) cross join {{ source('crm', 'people') }} as p where t.n > 1 and p.email is not null

--- quantities as rows
-- harmless
select o.product_id, count(*) as n from {{ source('crm', 'orders') }} as o cross join unnest(sequence(1, o.quantity)) as t(i) group by o.product_id

--- nights over everybody
-- harmless
select count(*) as nights from {{ source('crm', 'visits') }} as v cross join unnest(sequence(v.visit_date, date_add('day', 3, v.visit_date))) as t(night)

--- a list that only filters
-- harmless
select p.region, p.status from {{ source('crm', 'people') }} as p join (values ('F'), ('M')) as v(code) on v.code = p.gender

--- languages without those that are spoken
-- harmless
select l from (values 'en', 'de', 'fr') as v(l) except select preferred_language from {{ source('crm', 'people') }}

--- elements of a harmless list
-- harmless
select filter(array['a', 'b'], e -> e = status) as x, any_match(array['F'], e -> e = gender) as y from {{ source('crm', 'people') }}

--- a count of numbers that people have
-- harmless
select count(distinct t.n) as n from unnest(sequence(0, 999999)) as t(n) join {{ source('crm', 'people') }} as p on cast(p.ssn as bigint) = t.n

--- the first row of every person
-- harmless
select status, rn from (select status, row_number() over (partition by person_id order by created_at) as rn from {{ source('crm', 'people') }}) as x where rn = 1

--- numbers of pages
-- harmless
select t.n from unnest(sequence(1, 100)) as t(n) where t.n in (select quantity from {{ source('crm', 'orders') }})

--- numbers that a harmless subquery counts
-- harmless
select t.n, (select count(*) from {{ source('crm', 'orders') }} as o where o.quantity = t.n) as orders from unnest(sequence(1, 100)) as t(n)

--- a guard between numbers
-- harmless
select region, count(*) as n, rank() over (order by count(*) desc) as place from {{ source('crm', 'people') }} group by region having count(distinct person_id) >= 11

--- days of an outer join
-- harmless
select d.day, coalesce(sum(o.amount), 0) as amount from unnest(sequence(date '2024-01-01', date '2024-12-31')) as d(day) left join {{ source('crm', 'orders') }} as o on date(o.ordered_at) = d.day group by d.day

--- a recursion of numbers
-- harmless
with recursive t(n) as (values 1 union all select n + 1 from t where n < 10) select t.n, r.name from t join {{ source('crm', 'products') }} as r on r.product_id = t.n

--- a list of regions
-- harmless
select p.region, p.status from {{ source('crm', 'people') }} as p where p.region in (select r from (values 'a', 'b') as v(r))

--- the sum of a list beside people
-- harmless
select p.region, reduce(array[1, 2, 3], 0, (s, e) -> s + e, s -> s) as six from {{ source('crm', 'people') }} as p

--- elements that are not empty
-- harmless
select filter(array[status, region], e -> e <> '') as words from {{ source('crm', 'people') }}

--- a number in a branch of a value
-- leaks: published.x direct
select case cast(p.ssn as bigint) when t.n then t.n end as x from {{ source('crm', 'people') }} as p cross join unnest(sequence(0, 999999)) as t(n)

--- a number in a branch of a status
-- harmless
select case p.status when t.s then t.s end as x from {{ source('crm', 'people') }} as p cross join unnest(array['a', 'b']) as t(s)

--- numbers of groups that somebody has
-- leaks: published.n direct
select t.n from unnest(sequence(1, 999999)) as t(n) cross join {{ source('crm', 'people') }} as p group by t.n having count_if(cast(p.ssn as bigint) = t.n) > 0

--- how many numbers are below, by a filter
-- leaks: published.n sensitive
select p.region, count(*) filter (where t.n <= p.salary) as n from unnest(sequence(1, 999999)) as t(n) cross join {{ source('crm', 'people') }} as p group by p.region, p.person_id

--- twice the numbers of rows
-- leaks: published.m direct
with t as (select row_number() over () as n from {{ source('crm', 'orders') }}), u as (select n * 2 as m from t) select u.m from u join {{ source('crm', 'people') }} as p on p.ssn = cast(u.m as varchar)

--- numbers joined by name
-- leaks: published.n direct
select n from unnest(sequence(1, 999999)) as t(n) join (select cast(ssn as bigint) as n from {{ source('crm', 'people') }}) as p using (n)

--- groups of numbers
-- harmless
select t.n, count(*) as people from unnest(sequence(1, 9)) as t(n) cross join {{ source('crm', 'people') }} as p group by t.n having count_if(p.status = 'a') > 0

--- rows of a subquery as many as somebody earns
-- leaks: published.n sensitive
select k, count(*) as n from (select {{ pseudonym('p.person_id', 'patients') }} as k from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n)) group by k

--- rounds of a recursion as many as somebody earns
-- leaks: published.n sensitive
with recursive d(k, i, n) as (select person_id, 0, cast(salary as integer) from {{ source('crm', 'people') }} union all select k, i + 1, n from d where i < n) select {{ pseudonym('k', 'patients') }} as k, count(*) as n from d group by k

--- rows of a model as many as somebody earns
-- leaks: published.n sensitive
-- model: intermediate/rows
select p.person_id, t.n from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n)
-- model: marts/published
select {{ pseudonym('person_id', 'patients') }} as k, count(*) as n from {{ ref('rows') }} group by person_id

--- rows of a branch as many as somebody earns
-- leaks: published.n sensitive
with d as (select person_id as k from {{ source('crm', 'people') }} union all select p.person_id from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n)) select {{ pseudonym('k', 'patients') }} as k, count(*) as n from d group by k

--- rows of a model as many as ordered
-- harmless
-- model: intermediate/pieces
select o.order_id, o.product_id, t.n from {{ source('crm', 'orders') }} as o cross join unnest(sequence(1, o.quantity)) as t(n)
-- model: marts/published
select product_id, count(*) as n from {{ ref('pieces') }} group by product_id

--- the status of rows as many as somebody earns
-- harmless
select region, max(status) as status, min(created_at) as first_at from (select p.region, p.status, p.created_at from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n)) group by region

--- rows as many as somebody earns, counted over enough people
-- harmless
select region, count(*) as n from (select p.region, p.person_id from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n)) group by region having count(distinct person_id) >= 11

--- people of rows as many as somebody earns
-- harmless
select count(*) as n from (select p.person_id from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, cast(p.salary as integer))) as t(n) group by p.person_id)

--- a word beside what it is equal to
-- leaks: published.has_it sensitive
-- leaks: published.name sensitive
select p.created_at, w.name, p.diagnosis = w.name as has_it from {{ source('crm', 'people') }} as p cross join {{ source('crm', 'products') }} as w

--- whether each word of a list is somebody's
-- leaks: published.has_it sensitive
-- leaks: published.i sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, t.i, p.diagnosis = t.i as has_it from {{ source('crm', 'people') }} as p cross join (values 'flu', 'hiv') as t(i)

--- whether somebody earns more than each number
-- leaks: published.more sensitive
-- leaks: published.i sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, t.i, p.salary >= t.i * 1000 as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- whether somebody earns more than numbers that are not shown
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, p.salary >= t.i * 1000 as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- one and nothing for each number
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, if(p.salary >= t.i * 1000, 1, 0) as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- a case for each number
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, case when p.salary >= t.i * 1000 then 'y' else 'n' end as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- bits of a number
-- leaks: published.bit direct
select {{ pseudonym('p.person_id', 'patients') }} as k, n.i, bitwise_and(cast(p.ssn as bigint), n.i) <> 0 as bit from {{ source('crm', 'people') }} as p cross join unnest(array[1, 2, 4, 8]) as n(i)

--- whether each number is somebody's
-- leaks: published.n direct
-- leaks: published.is_taken direct
select t.n, t.n in (select cast(ssn as bigint) from {{ source('crm', 'people') }}) as is_taken from unnest(sequence(1000000, 1009999)) as t(n)

--- whether each number is any of those of people
-- leaks: published.n direct
-- leaks: published.is_taken direct
select t.n, t.n = any (select cast(ssn as bigint) from {{ source('crm', 'people') }}) as is_taken from unnest(sequence(1000000, 1009999)) as t(n)

--- whether somebody has each number
-- leaks: published.n direct
select t.n, exists (select 1 from {{ source('crm', 'people') }} as p where cast(p.ssn as bigint) = t.n) as is_taken from unnest(sequence(1000000, 1009999)) as t(n)

--- whether each digit is in a number
-- leaks: published.place direct
select {{ pseudonym('p.person_id', 'patients') }} as k, strpos(p.ssn, cast(t.d as varchar)) as place from {{ source('crm', 'people') }} as p cross join unnest(sequence(0, 9)) as t(d)

--- the number of a row against an amount
-- leaks: published.more sensitive
with n as (select row_number() over () as i from {{ source('crm', 'orders') }}) select {{ pseudonym('p.person_id', 'patients') }} as k, p.salary > n.i * 1000 as more from {{ source('crm', 'people') }} as p cross join n

--- an amount among elements
-- leaks: published.even sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, any_match(sequence(1, 200), i -> p.salary = i * 1000) as even from {{ source('crm', 'people') }} as p

--- who earns more of two
-- leaks: published.more sensitive
select {{ pseudonym('a.person_id', 'patients') }} as k, {{ pseudonym('b.person_id', 'patients') }} as l, a.salary > b.salary as more from {{ source('crm', 'people') }} as a cross join {{ source('crm', 'people') }} as b

--- who is born first of two of a region
-- leaks: published.older quasi
select {{ pseudonym('a.person_id', 'patients') }} as k, {{ pseudonym('b.person_id', 'patients') }} as l, a.birth_date < b.birth_date as older from {{ source('crm', 'people') }} as a join {{ source('crm', 'people') }} as b on a.region = b.region

--- a flag of words that is of nobody
-- harmless
select p.created_at, w.name, p.status = w.name as ok_seed_flag from {{ source('crm', 'people') }} as p cross join {{ source('crm', 'products') }} as w

--- a flag of numbers that is of nobody
-- harmless
select o.order_id, t.i, o.quantity >= t.i as more from {{ source('crm', 'orders') }} as o cross join unnest(sequence(1, 9)) as t(i)

--- whether a product is ordered
-- harmless
select w.name, w.product_id in (select product_id from {{ source('crm', 'orders') }}) as is_ordered, w.product_id = any (select product_id from {{ source('crm', 'orders') }}) as is_sold from {{ source('crm', 'products') }} as w

--- whether somebody has ordered
-- harmless
select p.region, p.person_id in (select person_id from {{ source('crm', 'orders') }}) as has_ordered from {{ source('crm', 'people') }} as p

--- more than the time before
-- harmless
select c.region, c.cost > b.cost as is_dearer, c.visit_date > b.visit_date as is_later from {{ source('crm', 'visits') }} as c join {{ source('crm', 'visits') }} as b on b.person_id = c.person_id

--- a visit before an admission
-- harmless
select v.region, v.visit_date < p.admitted_on as is_before from {{ source('crm', 'visits') }} as v join {{ source('crm', 'people') }} as p on p.person_id = v.person_id

--- numbers beside answers about people
-- harmless
select t.i, p.email is not null as has_email, p.salary > 1000 as some from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 3)) as t(i)

--- a number of people for each number
-- harmless
select t.i, count_if(p.status = cast(t.i as varchar)) as n from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 3)) as t(i) group by t.i

--- the first of a person beside a value
-- harmless
select x.region, x.rn = 1 as is_first, x.cost > 10 as costs from (select region, cost, row_number() over (partition by person_id order by visit_date) as rn from {{ source('crm', 'visits') }}) as x

--- a word of a list for a status
-- harmless
select p.region, any_match(array['a', 'b'], e -> e = p.status) as is_known, none_match(sequence(1, 9), e -> cast(e as varchar) = p.region) as is_named from {{ source('crm', 'people') }} as p

--- an answer that is there
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, coalesce(p.salary >= t.i * 1000, false) as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- an answer about an answer
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, (p.salary >= t.i * 1000) is true as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- the greater of two
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, greatest(p.salary, t.i) = t.i as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- whether somebody is in a band
-- leaks: published.is_in sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, p.salary between t.a and t.b as is_in from {{ source('crm', 'people') }} as p cross join (values (0, 10), (10, 20)) as t(a, b)

--- a case of each word
-- leaks: published.has_it sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, case p.diagnosis when w.name then 1 end as has_it from {{ source('crm', 'people') }} as p cross join {{ source('crm', 'products') }} as w

--- whether one answer is true
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, bool_or(p.salary >= t.i * 1000) as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i) group by p.person_id, t.i

--- the greatest of a person against each number
-- leaks: published.more sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, max(p.salary) over (partition by p.person_id) >= t.i * 1000 as more from {{ source('crm', 'people') }} as p cross join unnest(sequence(1, 200)) as t(i)

--- numbers of a model beside amounts
-- leaks: published.more sensitive
-- model: staging/numbers
select n from unnest(sequence(0, 99999)) as t(n)
-- model: marts/published
select p.salary > t.n as more from {{ ref('numbers') }} as t cross join {{ source('crm', 'people') }} as p

--- a figure of people by a place
-- harmless
select region, count(*) as n, row_number() over (order by count(*) desc) <= 3 as is_top from {{ source('crm', 'people') }} group by region

--- the number of a seed that is somebody's
-- leaks: published.code direct
select {{ pseudonym('p.person_id', 'patients') }} as k, c.code from {{ source('crm', 'people') }} as p cross join {{ ref('countries') }} as c where c.code = p.ssn

--- digits of a seed at places of a seed
-- leaks: published.digit direct
select {{ pseudonym('p.person_id', 'patients') }} as k, c.code as place, d.code as digit from {{ source('crm', 'people') }} as p cross join {{ ref('countries') }} as c cross join {{ ref('countries') }} as d where substr(p.ssn, cast(c.code as integer), 1) = d.code

--- the price that somebody earns
-- leaks: published.price sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, r.price from {{ source('crm', 'people') }} as p join {{ source('crm', 'products') }} as r on cast(p.salary as integer) = r.price

--- the name of a diagnosis
-- leaks: published.name sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, r.name from {{ source('crm', 'people') }} as p join {{ source('crm', 'products') }} as r on r.product_id = p.diagnosis

--- how many numbers of a seed are below
-- leaks: published.n sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, count(*) as n from {{ source('crm', 'people') }} as p join {{ ref('countries') }} as c on cast(c.code as bigint) <= p.salary group by p.person_id

--- the greatest number of a model of a seed below
-- leaks: published.n sensitive
-- model: staging/numbers
select cast(code as bigint) as n from {{ ref('countries') }}
-- model: marts/published
select {{ pseudonym('p.person_id', 'patients') }} as k, max(c.n) as n from {{ source('crm', 'people') }} as p join {{ ref('numbers') }} as c on c.n <= p.salary group by p.person_id

--- a number of a seed that exists among people
-- leaks: published.code direct
select c.code from {{ ref('countries') }} as c where exists (select 1 from {{ source('crm', 'people') }} as p where p.phone like '%' || c.code)

--- a place of a seed in a branch
-- leaks: published.m sensitive
select {{ pseudonym('p.person_id', 'patients') }} as k, max(if(c.code = p.diagnosis, c.name)) as m from {{ source('crm', 'people') }} as p cross join {{ ref('countries') }} as c group by p.person_id

--- countries of people
-- harmless
select c.name, count(*) as n from {{ source('crm', 'people') }} as p join {{ ref('countries') }} as c on c.code = p.region group by c.name

--- names of diagnoses of enough people
-- harmless
select r.name, count(*) as n from {{ source('crm', 'people') }} as p join {{ source('crm', 'products') }} as r on r.product_id = p.diagnosis group by r.name having count(distinct p.person_id) >= 11

--- products of orders of people
-- harmless
select r.name, r.price, o.quantity from {{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id join {{ source('crm', 'products') }} as r on r.product_id = o.product_id

--- products dearer than others
-- harmless
select r.name, c.name as country from {{ source('crm', 'products') }} as r join {{ ref('countries') }} as c on c.code = r.product_id where r.price > 10

--- products that nobody ordered
-- harmless
select r.name from {{ source('crm', 'products') }} as r where not exists (select 1 from {{ source('crm', 'orders') }} as o where o.product_id = r.product_id and o.person_id is not null)

--- a list of codes that only filters
-- harmless
select count(*) as n from {{ source('crm', 'people') }} as p where p.diagnosis in (select code from {{ ref('countries') }})

--- countries beside people
-- harmless
select c.name, p.status from {{ ref('countries') }} as c cross join {{ source('crm', 'people') }} as p where p.email is not null

--- countries by a pseudonym
-- harmless
select {{ pseudonym('p.person_id', 'patients') }} as k, coalesce(c.name, 'unknown') as country from {{ source('crm', 'people') }} as p left join {{ ref('countries') }} as c on lower(c.code) = lower(trim(p.preferred_language))

--- renamed over three hops
-- leaks: contacts.reach direct
-- model: staging/stg_people
select person_id as pid, email as e1 from {{ source('crm', 'people') }}
-- model: intermediate/int_people
select e1 as e2 from {{ ref('stg_people') }}
-- model: marts/contacts
select e2 as reach from {{ ref('int_people') }}

--- dropped on the way
-- harmless
-- model: staging/stg_people
select person_id, email, region from {{ source('crm', 'people') }}
-- model: intermediate/int_people
select region from {{ ref('stg_people') }}
-- model: marts/contacts
select region from {{ ref('int_people') }}

--- star through two layers
-- leaks: everyone.ssn direct
-- leaks: everyone.zip_code quasi
-- leaks: everyone.salary sensitive
-- leaks: everyone.notes free_text
-- model: staging/stg_people
select * from {{ source('crm', 'people') }}
-- model: marts/everyone
select * from {{ ref('stg_people') }}

--- star over a clean list
-- harmless
-- model: staging/stg_people
select region, status, is_email_verified from {{ source('crm', 'people') }}
-- model: marts/everyone
select * from {{ ref('stg_people') }}

--- qualified star of the personal side
-- leaks: published.email direct
select o.order_id, p.* from {{ source('crm', 'orders') }} as o
inner join {{ source('crm', 'people') }} as p on o.person_id = p.person_id

--- qualified star of the harmless side
-- harmless
-- warns: PRIV008
select r.* from {{ source('crm', 'products') }} as r
inner join {{ source('crm', 'orders') }} as o on o.product_id = r.product_id

--- two qualified stars
-- leaks: published.last_name direct
with a as (select order_id, person_id from {{ source('crm', 'orders') }}),
b as (select person_id as pid, last_name from {{ source('crm', 'people') }})
select a.*, b.* from a join b on a.person_id = b.pid

--- star with using
-- leaks: published.person_id direct
with a as (select order_id, person_id from {{ source('crm', 'orders') }}),
b as (select person_id, region from {{ source('crm', 'people') }})
select * from a join b using (person_id)

--- using on a harmless column
-- harmless
with a as (select order_id, product_id from {{ source('crm', 'orders') }}),
b as (select product_id, name from {{ source('crm', 'products') }})
select * from a join b using (product_id)

--- natural join brings a column along
-- leaks: published.phone direct
with a as (select order_id, person_id from {{ source('crm', 'orders') }}),
b as (select person_id, phone from {{ source('crm', 'people') }})
select * from a natural join b

--- columns that nobody declared come with a star
-- refused: PRIV008 published
select * from {{ source('crm', 'mystery') }}

--- column of a source that declares none
-- leaks: published.fax unknown
select fax from {{ source('crm', 'mystery') }}

--- column that a source does not declare
-- leaks: published.nickname unknown
select p.nickname from {{ source('crm', 'people') }} as p

--- column with no class
-- leaks: published.label unknown
select id, label from {{ source('crm', 'partly') }}

--- undeclared column through a star of a staging model
-- leaks: contacts.nickname unknown
-- model: staging/stg_people
select * from {{ source('crm', 'people') }}
-- model: marts/contacts
select nickname from {{ ref('stg_people') }}

--- quoted and in another case
-- leaks: published.contact direct
select "EMAIL" as "Contact" from {{ source('crm', 'people') }}

--- a comment says it is masked
-- leaks: published.email direct
select /* pseudonym(email) */ email -- redacted
from {{ source('crm', 'people') }}

--- a comment names a personal column
-- harmless
select region -- not the email, ssn or birth_date
from {{ source('crm', 'people') }} /* select ssn from people */

--- a literal is called like an identifier
-- harmless
select 'ssn' as attribute, 'jo@example.org' as sample, region from {{ source('crm', 'people') }}

--- harmless columns with personal names
-- harmless
select email_template_id, is_email_verified, preferred_language from {{ source('crm', 'people') }}

--- a product's name and phone model
-- harmless
select product_id, name, phone_model, price from {{ source('crm', 'products') }}

--- personal value under a harmless alias of another column
-- leaks: published.region direct
select email as region, region as email from {{ source('crm', 'people') }}

--- harmless value under a personal alias
-- harmless
select region as email, status as ssn from {{ source('crm', 'people') }}

--- union by position swaps columns
-- leaks: published.region direct
select region, status from {{ source('crm', 'people') }}
union all
select email, status from {{ source('crm', 'people') }}

--- union of harmless branches
-- harmless
select region, status from {{ source('crm', 'people') }}
union all
select name, 'product' from {{ source('crm', 'products') }}

--- intersect gives the common values
-- leaks: published.email direct
select email from {{ source('crm', 'people') }}
intersect
select email from {{ source('crm', 'people') }} where status = 'active'

--- except only decides by its second branch
-- harmless
select region from {{ source('crm', 'people') }}
except
select ssn from {{ source('crm', 'people') }} where ssn is null

--- parenthesised union inside a subquery
-- leaks: published.who direct
select t.who from (
    (select region as who from {{ source('crm', 'people') }})
    union
    (select last_name from {{ source('crm', 'people') }})
) as t

--- recursive query carries the value on
-- leaks: published.names direct
with recursive chain (depth, names) as (
    select 1, cast(last_name as varchar) from {{ source('crm', 'people') }}
    union all
    select depth + 1, names || '!' from chain where depth < 3
)
select depth, names from chain

--- recursive query over numbers
-- harmless
with recursive days (n) as (select 1 union all select n + 1 from days where n < 31)
select n from days

--- scalar subquery
-- leaks: published.newest direct
select o.order_id, (select max(p.email) from {{ source('crm', 'people') }} as p) as newest
from {{ source('crm', 'orders') }} as o

--- correlated subquery gives the value
-- leaks: published.buyer direct
select
    o.order_id,
    (select p.last_name from {{ source('crm', 'people') }} as p where p.person_id = o.person_id) as buyer
from {{ source('crm', 'orders') }} as o

--- correlated subquery counts
-- harmless
select
    r.product_id,
    (select count(*) from {{ source('crm', 'orders') }} as o where o.product_id = r.product_id) as orders
from {{ source('crm', 'products') }} as r

--- exists only decides
-- harmless
select r.product_id from {{ source('crm', 'products') }} as r
where exists (
    select 1 from {{ source('crm', 'orders') }} as o
    where o.product_id = r.product_id and o.person_id is not null
)

--- lateral subquery
-- leaks: published.mail direct
select o.order_id, l.mail
from {{ source('crm', 'orders') }} as o
cross join lateral (
    select p.email as mail from {{ source('crm', 'people') }} as p where p.person_id = o.person_id
) as l

--- column names of an alias
-- leaks: published.b direct
select t.a, t.b from (select region, phone from {{ source('crm', 'people') }}) as t (a, b)

--- column names of a cte
-- leaks: published.x direct
with t (x, y) as (select ssn, region from {{ source('crm', 'people') }})
select x, y from t

--- values beside a table
-- harmless
select v.label, count(*) as n
from (values ('email', 1), ('ssn', 2)) as v (label, place)
group by v.label

--- a cte shadows another of its name
-- leaks: published.v direct
with t as (select region as v from {{ source('crm', 'people') }}),
u as (with t as (select email as v from {{ source('crm', 'people') }}) select v from t)
select v from u

--- join on a personal column
-- harmless
select o.order_id, p.region
from {{ source('crm', 'orders') }} as o
inner join {{ source('crm', 'people') }} as p on o.person_id = p.person_id

--- filter on a personal column
-- harmless
select region, status from {{ source('crm', 'people') }} where email like '%@example.org'

--- order by a personal column
-- harmless
select region, status from {{ source('crm', 'people') }} order by last_name, birth_date

--- match_recognize gives a value
-- leaks: published.mail direct
select m.mail from {{ source('crm', 'people') }} match_recognize (
    partition by region order by created_at
    measures a.email as mail
    one row per match
    after match skip past last row
    pattern (a b+)
    define b as b.status = 'active'
) as m

--- table statement
-- leaks: published.ssn direct
table {{ source('crm', 'people') }}

--- column of a struct in dotted form
-- leaks: published.street direct
select p.attributes.home.street as street from {{ source('crm', 'people') }} as p

--- two tables with one column name
-- leaks: published.person_id direct
select person_id from (
    select o.person_id from {{ source('crm', 'orders') }} as o
    full outer join {{ source('crm', 'people') }} as p on o.person_id = p.person_id
)

--- published model that reads a published model
-- leaks: second.key direct
-- model: marts/first_one
select email, region from {{ source('crm', 'people') }}
-- model: marts/second
select email as key from {{ ref('first_one') }}

--- view and ephemeral on the way
-- leaks: published.e direct
-- model: staging/v view
select email from {{ source('crm', 'people') }}
-- model: intermediate/eph ephemeral
select email as e from {{ ref('v') }}
-- model: marts/published
select e from {{ ref('eph') }}

--- materialized view
-- leaks: published.email direct
-- model: marts/published materialized_view
select email from {{ source('crm', 'people') }}

--- private models may hold anything
-- harmless
-- model: staging/stg_people
select * from {{ source('crm', 'people') }}
-- model: intermediate/int_people incremental
select email, ssn, notes from {{ ref('stg_people') }}

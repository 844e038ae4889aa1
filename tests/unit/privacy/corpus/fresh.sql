--- dimension with only harmless attributes and a pseudonym
-- harmless
-- model: staging/stg_people
with source as (select * from {{ source('crm', 'people') }}),
renamed as (
    select person_id, lower(email) as email, admitted_on, zip_code, region, status, created_at from source
)
select * from renamed
-- model: marts/dim_people
with people as (select * from {{ ref('stg_people') }})
select
    {{ pseudonym('person_id', 'patients') }} as person_key,
    {{ year_of('admitted_on') }} as admission_year,
    {{ zip3('zip_code') }} as area,
    region,
    status,
    created_at
from people

--- revenue by month and product
-- harmless
-- model: marts/revenue
with orders as (select * from {{ source('crm', 'orders') }}),
products as (select product_id, name as product_name from {{ source('crm', 'products') }})
select
    date_trunc('month', o.ordered_at) as month,
    p.product_name,
    count(distinct o.person_id) as buyers,
    sum(o.amount) as revenue,
    sum(o.amount) / nullif(count(distinct o.person_id), 0) as revenue_per_buyer
from orders as o left join products as p using (product_id)
group by 1, 2

--- retention cohort
-- harmless
-- model: marts/cohorts
with firsts as (
    select person_id, date_trunc('month', min(ordered_at)) as cohort from {{ source('crm', 'orders') }} group by person_id
)
select f.cohort, date_diff('month', f.cohort, o.ordered_at) as age, count(distinct o.person_id) as people
from firsts as f join {{ source('crm', 'orders') }} as o on o.person_id = f.person_id
group by f.cohort, date_diff('month', f.cohort, o.ordered_at)

--- latest order per person without the person
-- harmless
-- model: marts/latest
select order_id, product_id, ordered_at from (
    select *, row_number() over (partition by person_id order by ordered_at desc) as rn
    from {{ source('crm', 'orders') }}
) as t
where rn = 1

--- latest order per person with the person
-- leaks: latest.buyer direct
-- model: marts/latest
select order_id, person_id as buyer from (
    select *, row_number() over (partition by person_id order by ordered_at desc) as rn
    from {{ source('crm', 'orders') }}
) as t
where rn = 1

--- anti-join on an e-mail
-- harmless
select o.order_id from {{ source('crm', 'orders') }} as o
left join {{ source('crm', 'people') }} as p on o.person_id = p.person_id and p.email like '%@test.invalid'
where p.person_id is null

--- two masks nested
-- harmless
select {{ redact(partial_mask('phone')) }} as phone from {{ source('crm', 'people') }}

--- mask undone by a join of the same model
-- leaks: published.value direct
with masked as (select person_id, {{ redact('ssn') }} as ssn from {{ source('crm', 'people') }}),
clear as (select person_id, ssn as value from {{ source('crm', 'people') }})
select m.ssn, c.value from masked m join clear c on c.person_id = m.person_id

--- values through a map and back
-- leaks: published.v direct
with packed as (select map_agg(region, email) as m from {{ source('crm', 'people') }})
select u.v from packed cross join unnest(m) as u (k, v)

--- rows in an array and back
-- leaks: published.mail direct
with packed as (
    select region, array_agg(cast(row(status, email) as row (s varchar, mail varchar))) as members
    from {{ source('crm', 'people') }} group by region
)
select region, u.mail from packed cross join unnest(members) as u (s, mail)

--- reduce over an array
-- leaks: published.line direct
select reduce(array_agg(last_name), '', (s, x) -> s || ',' || x, s -> s) as line from {{ source('crm', 'people') }}

--- zip_with
-- leaks: published.z direct
select zip_with(array[1], array[email], (a, b) -> b) as z from {{ source('crm', 'people') }}

--- sum of decoded characters
-- leaks: published.c direct
select codepoint(cast(substr(ssn, 1, 1) as varchar(1))) as c from {{ source('crm', 'people') }}

--- try_cast to json and out
-- leaks: published.j direct
select json_extract_scalar(json_parse('{"e":"' || email || '"}'), '$.e') as j from {{ source('crm', 'people') }}

--- second branch of a union in a later model
-- leaks: published.contact direct
-- model: intermediate/contacts
select 'none' as contact from {{ source('crm', 'products') }}
union all
select phone from {{ source('crm', 'people') }}
-- model: marts/published
select contact from {{ ref('contacts') }} where contact <> 'none'

--- window frame over a masked key
-- harmless
select person_key, count(*) over (partition by person_key) as orders
from (select {{ pseudonym('person_id', 'patients') }} as person_key from {{ source('crm', 'orders') }}) as t

--- masked in staging and clear in the mart by another route
-- leaks: published.email direct
-- model: staging/masked
select {{ pseudonym('person_id', 'patients') }} as k, 'x' as email from {{ source('crm', 'people') }}
-- model: staging/clear_too
select {{ pseudonym('person_id', 'patients') }} as k, email from {{ source('crm', 'people') }}
-- model: marts/published
select m.k, c.email from {{ ref('masked') }} as m join {{ ref('clear_too') }} as c on c.k = m.k

--- free text without its words
-- harmless
select region, avg(length(notes)) as mean_length, count_if(notes is null) as silent from {{ source('crm', 'people') }}
group by region

--- columns chosen by a macro of the project
-- leaks: published.last_name direct
-- macro: person_columns
{% macro person_columns(alias) %}{{ return([alias ~ '.region', alias ~ '.last_name']) }}{% endmacro %}
-- model: marts/published
select {{ person_columns('p') | join(', ') }} from {{ source('crm', 'people') }} as p

--- harmless columns chosen by a macro of the project
-- harmless
-- macro: person_columns
{% macro person_columns(alias) %}{{ return([alias ~ '.region', alias ~ '.status']) }}{% endmacro %}
-- model: marts/published
select {{ person_columns('p') | join(', ') }} from {{ source('crm', 'people') }} as p

--- mask dispatched to another body on this engine
-- leaks: published.e direct
-- macro: mask
{% macro mask(c) %}{{ return(adapter.dispatch('mask')(c)) }}{% endmacro %}
-- macro: default__mask
{% macro default__mask(c) %}'x'{% endmacro %}
-- macro: trino__mask
{% macro trino__mask(c) %}{{ c }}{% endmacro %}
-- model: marts/published
select {{ mask('email') }} as e from {{ source('crm', 'people') }}

--- metadata of a run
-- harmless
select '{{ invocation_id }}' as run_id, timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as run_at, region
from {{ source('crm', 'people') }}

--- type macros and date macros of dbt
-- harmless
select cast(product_id as {{ dbt.type_string() }}) as product_id, {{ dbt.dateadd('day', 1, 'current_date') }} as tomorrow,
    {{ dbt.concat(['name', "'!'"]) }} as loud, {{ dbt.safe_cast('price', dbt.type_numeric()) }} as price
from {{ source('crm', 'products') }}

--- hash macro of dbt
-- leaks: published.h direct
select {{ dbt.hash('email') }} as h from {{ source('crm', 'people') }}

--- listagg macro of dbt
-- leaks: published.l direct
select region, {{ dbt.listagg('last_name', "','") }} as l from {{ source('crm', 'people') }} group by region

--- group by all places
-- harmless
select region, department, status, count(*) as n from {{ source('crm', 'people') }} group by 1, 2, 3 order by 4 desc limit 10

--- quasi columns compared with each other
-- harmless
select order_id, p.birth_date < date '1990-01-01' and p.zip_code = '10001' as is_target
from {{ source('crm', 'orders') }} join {{ source('crm', 'people') }} as p using (person_id)

--- table aliases that look like columns
-- leaks: published.e direct
select region.email as e from {{ source('crm', 'people') }} as region

--- incremental merge key is a pseudonym
-- harmless
-- model: marts/published incremental
-- config: {unique_key: person_key, incremental_strategy: merge}
select {{ pseudonym('person_id', 'patients') }} as person_key, max(ordered_at) as last_order_at, sum(amount) as spent
from {{ source('crm', 'orders') }}
{% if is_incremental() %} where ordered_at >= (select coalesce(max(last_order_at), timestamp '1970-01-01 00:00:00') from {{ this }}) {% endif %}
group by 1

--- percentile bands of salaries for enough people
-- harmless
select department, width_bucket(avg(salary), 0, 200000, 10) as bucket from {{ source('crm', 'people') }}
group by department having count(distinct person_id) >= 20

--- difference of two clear sums
-- leaks: published.rest sensitive
with t as (select sum(salary) as total from {{ source('crm', 'people') }} where person_id <> 'A1'),
u as (select department, sum(salary) as part from {{ source('crm', 'people') }} group by department)
select u.department, t.total - u.part as rest from t cross join u

--- select in an array subquery
-- leaks: published.mails direct
select array(select email from {{ source('crm', 'people') }}) as mails

--- grouping sets over none columns
-- harmless
select region, department, grouping(region, department) as level, count(distinct person_id) as people
from {{ source('crm', 'people') }} group by rollup (region, department)

--- star from values
-- harmless
select * from (values (1, 'email'), (2, 'phone')) as channels (channel_id, channel)

--- left join brings a value by coalesce
-- leaks: published.label direct
select coalesce(r.name, p.last_name) as label
from {{ source('crm', 'orders') }} as o
left join {{ source('crm', 'products') }} as r on r.product_id = o.product_id
left join {{ source('crm', 'people') }} as p on p.person_id = o.person_id

--- json of a whole row, which Trino does not know
-- refused: PRIV005 published
select json_format(cast(t as json)) as doc from (select region, ssn from {{ source('crm', 'people') }}) as t

--- json of a whole harmless row
-- harmless
select cast(row(t.region, t.status) as json) as doc from (select region, status, email from {{ source('crm', 'people') }}) as t

--- sum over one person in a subquery
-- leaks: published.total sensitive
select sum(salary) as total from (select * from {{ source('crm', 'people') }} where email = 'jo@example.org') as t

--- sum over one person by a condition inside
-- leaks: published.total sensitive
select sum(if(person_id = 'A1', salary, 0)) as total from {{ source('crm', 'people') }}

--- sum over one person by a filter of the aggregate
-- leaks: published.total sensitive
select sum(salary) filter (where ssn = '000-00-0000') as total from {{ source('crm', 'people') }}

--- mean of one row
-- leaks: published.mean sensitive
select avg(salary) as mean from (select salary from {{ source('crm', 'people') }} order by created_at limit 1) as t

--- sum for each row of another query
-- leaks: published.total sensitive
select o.order_id, (select sum(p.salary) from {{ source('crm', 'people') }} as p where p.person_id = o.person_id) as total
from {{ source('crm', 'orders') }} as o

--- sum over one person in an earlier model
-- leaks: published.total sensitive
-- model: intermediate/jo
select salary from {{ source('crm', 'people') }} where email = 'jo@example.org'
-- model: marts/published
select sum(salary) as total from {{ ref('jo') }}

--- sum of sums over everybody
-- harmless
select sum(total) as total from (
    select department, sum(salary) as total from {{ source('crm', 'people') }} group by department
) as t

--- sum over active people
-- harmless
select sum(salary) as total from {{ source('crm', 'people') }} where status = 'active' and region in ('north', 'south')

--- tables joined inside parentheses
-- leaks: published.email direct
select p.email from ({{ source('crm', 'people') }} as p join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id)

--- harmless tables joined inside parentheses
-- harmless
select r.name, o.quantity from ({{ source('crm', 'products') }} as r join {{ source('crm', 'orders') }} as o on o.product_id = r.product_id)

--- a variable that nobody sets
-- refused: PRIV005 published
select {{ var('columns_to_show') }} from {{ source('crm', 'people') }}

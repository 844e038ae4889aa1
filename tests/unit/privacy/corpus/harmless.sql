--- identifiers of things
-- harmless
select order_id, product_id, quantity, amount from {{ source('crm', 'orders') }}

--- aliases that sound personal
-- harmless
select name as first_name, price as salary, phone_model as phone from {{ source('crm', 'products') }}

--- template columns under new names
-- harmless
select email_template_id as email, is_email_verified as email_verified from {{ source('crm', 'people') }}

--- a boolean column and its negation
-- harmless
select not is_email_verified as is_unverified, coalesce(is_email_verified, false) as is_verified from {{ source('crm', 'people') }}

--- personal columns only in a private cte that is not read on
-- harmless
with secret as (select email, ssn from {{ source('crm', 'people') }}),
shown as (select region from {{ source('crm', 'people') }})
select * from shown

--- semi-join on a pseudonym's source
-- harmless
select product_id, name from {{ source('crm', 'products') }}
where product_id in (
    select o.product_id from {{ source('crm', 'orders') }} as o
    where o.person_id in (select person_id from {{ source('crm', 'people') }} where birth_date > date '2000-01-01')
)

--- counts by a filter on a disease
-- harmless
select region, count(distinct person_id) filter (where diagnosis = 'E11') as diabetics from {{ source('crm', 'people') }} group by region

--- share of verified people
-- harmless
select region, cast(count_if(is_email_verified) as double) / count(*) as share from {{ source('crm', 'people') }} group by region

--- whether an address was given
-- harmless
select case when email is null and phone is null then 'none' when email is null then 'phone' else 'mail' end as channel
from {{ source('crm', 'people') }}

--- quality flags
-- harmless
select
    not regexp_like(email, '^[^@]+@[^@]+$') as is_mail_malformed,
    length(zip_code) <> 5 as is_zip_malformed,
    try_cast(birth_date as date) is null as is_birth_date_missing,
    ssn = '' or ssn is null as is_ssn_missing
from {{ source('crm', 'people') }}

--- number of distinct values
-- harmless
select count(distinct email) as mails, count(distinct lower(phone)) as phones, approx_distinct(zip_code) as areas
from {{ source('crm', 'people') }}

--- duplicates counted
-- harmless
select count(*) as duplicates from (
    select email from {{ source('crm', 'people') }} group by email having count(*) > 1
) as t

--- rows per day
-- harmless
select cast(created_at as date) as day, count(*) as rows_loaded from {{ source('crm', 'people') }} group by 1

--- bands of ages by hand
-- harmless
select case
    when date_diff('year', birth_date, current_date) < 18 then 'minor'
    when date_diff('year', birth_date, current_date) < 65 then 'adult'
    else 'senior' end as age_group, count(*) as people
from {{ source('crm', 'people') }} group by 1

--- decade of an event
-- harmless
select year(admitted_on) / 10 * 10 as decade, count(*) as people from {{ source('crm', 'people') }} group by year(admitted_on) / 10 * 10

--- pseudonym in a join of two models
-- harmless
-- model: staging/people
select {{ pseudonym('person_id', 'patients') }} as person_key, region from {{ source('crm', 'people') }}
-- model: staging/orders
select {{ pseudonym('person_id', 'patients') }} as person_key, order_id, amount from {{ source('crm', 'orders') }}
-- model: marts/published
select o.order_id, o.amount, o.person_key, p.region from {{ ref('orders') }} o left join {{ ref('people') }} p on p.person_key = o.person_key

--- pseudonyms aggregated
-- harmless
select region, array_agg({{ pseudonym('person_id', 'patients') }}) as members, min({{ pseudonym('person_id', 'patients') }}) as first_member
from {{ source('crm', 'people') }} group by region

--- masked in both branches
-- harmless
select if(status = 'closed', {{ redact('email') }}, {{ suppress_text('email') }}) as email from {{ source('crm', 'people') }}

--- masked value in a union
-- harmless
select {{ redact('email') }} as email from {{ source('crm', 'people') }}
union all
select 'nobody' from {{ source('crm', 'products') }}

--- masked value packed
-- harmless
select json_format(cast(map(array['mail'], array[{{ redact('email') }}]) as json)) as doc from {{ source('crm', 'people') }}

--- year of an event in a key
-- harmless
select to_hex(md5(to_utf8(cast(year(admitted_on) as varchar) || region))) as k from {{ source('crm', 'people') }}

--- snapshot without people
-- harmless
-- snapshot: history/prices
-- config: {unique_key: product_id, materialized: snapshot}
select product_id, price from {{ source('crm', 'products') }}
-- model: marts/published
select product_id, price, dbt_scd_id, dbt_valid_from, dbt_valid_to from {{ ref('prices') }}

--- calendar by sequence
-- harmless
select day from unnest(sequence(date '2026-01-01', date '2026-12-31', interval '1' day)) as t (day)

--- split of a harmless list
-- harmless
select t.word from {{ source('crm', 'products') }} cross join unnest(split(name, ' ')) as t (word)

--- struct of harmless fields
-- harmless
select cast(row(name, price) as row (n varchar, p double)) as item from {{ source('crm', 'products') }}

--- last changed price by max_by
-- harmless
select product_id, max_by(price, name) as price from {{ source('crm', 'products') }} group by product_id

--- words of dbt in a string
-- harmless
select '{{ "{{ source(crm, people) }}" }}' as note, region from {{ source('crm', 'people') }}

--- a semicolon at the end
-- harmless
select region from {{ source('crm', 'people') }};

--- deep nesting
-- harmless
select r from (select r from (select r from (select r from (select region as r from {{ source('crm', 'people') }}) a) b) c) d

--- chained unions
-- harmless
{% for i in range(60) %}select region, {{ i }} as n from {{ source('crm', 'people') }}{% if not loop.last %} union all {% endif %}{% endfor %}

--- many columns by a loop
-- harmless
select {% for i in range(200) %}price * {{ i }} as c{{ i }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'products') }}

--- config block with a hook of maintenance
-- harmless
{{ config(materialized='table', post_hook="analyze {{ this }}") }}
select region from {{ source('crm', 'people') }}

--- environment variable for a limit
-- harmless
select region from {{ source('crm', 'people') }} {% if env_var('ROWS', '') %} limit {{ env_var('ROWS', '') | int }} {% endif %}

--- variable with a date
-- harmless
select region from {{ source('crm', 'people') }} where created_at >= date '{{ var("since", "2020-01-01") }}'

--- set block and macro with a caller
-- harmless
-- macro: wrapped
{% macro wrapped() %}select * from ({{ caller() }}) as t{% endmacro %}
-- model: marts/published
{% call wrapped() %}select region from {{ source('crm', 'people') }}{% endcall %}

--- namespaces and lists in jinja
-- harmless
{% set ns = namespace(parts=[]) %}
{% for c in ['region', 'status'] %}{% do ns.parts.append('upper(' ~ c ~ ') as ' ~ c) %}{% endfor %}
select {{ ns.parts | join(', ') }} from {{ source('crm', 'people') }}

--- errors for bad arguments
-- harmless
-- macro: checked
{% macro checked(c) %}{% if c not in ['region', 'status'] %}{{ exceptions.raise_compiler_error('no ' ~ c) }}{% endif %}{{ c }}{% endmacro %}
-- model: marts/published
select {{ checked('region') }} from {{ source('crm', 'people') }}

--- on one target only a smaller table
-- harmless
select region from {{ source('crm', 'people') }}
{% if target.name != 'prod' and target.schema.startswith('dev') %} tablesample bernoulli (10) {% endif %}

--- singular test
-- harmless
-- test: assert_regions
-- config: {store_failures: true, materialized: test}
select region, count(*) as n from {{ source('crm', 'people') }} group by region having count(*) = 0

--- rows whose values differ
-- harmless
select order_id from {{ source('crm', 'orders') }} where person_id is distinct from cast(product_id as varchar)

--- window over a personal partition
-- harmless
select order_id, count(*) over (partition by person_id) as orders_of_buyer, rank() over (partition by person_id order by amount) as place
from {{ source('crm', 'orders') }}

--- first order by person flagged
-- harmless
select order_id, row_number() over (partition by person_id order by ordered_at) = 1 as is_first from {{ source('crm', 'orders') }}

--- time between orders
-- harmless
select order_id, date_diff('day', lag(ordered_at) over (partition by person_id order by ordered_at), ordered_at) as gap_days
from {{ source('crm', 'orders') }}

--- harmless columns through a view, an ephemeral and a snapshot
-- harmless
-- model: staging/v view
select region, status from {{ source('crm', 'people') }}
-- model: staging/e ephemeral
select * from {{ ref('v') }}
-- snapshot: history/s
-- config: {unique_key: region, materialized: snapshot}
select * from {{ ref('e') }}
-- model: marts/published
select region, status, dbt_valid_from from {{ ref('s') }}

--- reference data from a seed
-- harmless
select p.region, c.name as country from {{ source('crm', 'people') }} as p left join {{ ref('countries') }} as c on c.code = p.region

--- two suppressed figures
-- harmless
with t as (
    select department, count(distinct person_id) as people, sum(salary) as total, avg(salary) as mean
    from {{ source('crm', 'people') }} group by department
)
select department, {{ small_cell('total', 'people') }} as total, {{ small_cell('round(mean, 2)', 'people') }} as mean from t where people >= 11

--- one generalised attribute
-- harmless
select {{ age_band('birth_date', 'current_date') }} as age, count(distinct person_id) as people
from {{ source('crm', 'people') }} group by 1

--- generalised attributes of enough people
-- harmless
select year(birth_date) as y, {{ zip3('zip_code') }} as area, count(distinct person_id) as people
from {{ source('crm', 'people') }} group by 1, 2 having count(distinct person_id) >= 11

--- generalised attributes in rows under a pseudonym
-- harmless
select {{ pseudonym('person_id', 'patients') }} as k, {{ year_of('admitted_on') }} as y, {{ zip3('zip_code') }} as area
from {{ source('crm', 'people') }}

--- numbers beside each other
-- harmless
select price, price * 1.2 as gross, round(price) as rounded, abs(price) as size, -price as negative from {{ source('crm', 'products') }}

--- ratio of two counts of people
-- harmless
select department, cast(count(distinct if(is_email_verified, person_id)) as double) / count(distinct person_id) as share
from {{ source('crm', 'people') }} group by department

--- counts by day and status
-- harmless
select date(created_at) as day, status, count(*) as n, count_if(email is not null) as reachable
from {{ source('crm', 'people') }} group by date(created_at), status

--- people without orders counted
-- harmless
select p.region, count(*) as silent from {{ source('crm', 'people') }} as p
where not exists (select 1 from {{ source('crm', 'orders') }} as o where o.person_id = p.person_id) group by p.region

--- except over harmless keys
-- harmless
select product_id from {{ source('crm', 'products') }} except select product_id from {{ source('crm', 'orders') }}

--- lateral count
-- harmless
select r.product_id, l.n from {{ source('crm', 'products') }} as r
cross join lateral (select count(*) as n from {{ source('crm', 'orders') }} as o where o.product_id = r.product_id) as l

--- match_recognize over counts
-- harmless
select m.region, m.runs from (select region, created_at, status from {{ source('crm', 'people') }}) match_recognize (
    partition by region order by created_at
    measures count(*) as runs
    one row per match after match skip past last row
    pattern (a b+) define b as b.status = a.status
) as m

--- redacted in staging and joined on
-- harmless
-- model: staging/masked
select region, {{ redact('email') }} as email, {{ suppress_text('notes') }} as notes from {{ source('crm', 'people') }}
-- model: marts/published
select m.email, m.notes, c.name from {{ ref('masked') }} as m left join {{ ref('countries') }} as c on c.code = m.region

--- a cte called like a source
-- harmless
with people as (select region, status from {{ source('crm', 'people') }}) select p.* from people as p

--- quoted harmless names
-- harmless
select "name" as "Email", "price" as "SSN" from {{ source('crm', 'products') }}

--- table sample and limit
-- harmless
select region from {{ source('crm', 'people') }} tablesample system (5) limit 3

--- fetch first and offset
-- harmless
select region from {{ source('crm', 'people') }} order by created_at offset 5 rows fetch first 5 rows only

--- ids of things in an in list
-- harmless
select product_id in ('A', 'B') as is_core, name from {{ source('crm', 'products') }}

--- try and conditional casts of harmless text
-- harmless
select try_cast(name as integer) as n, try(cast(name as date)) as d, coalesce(name, 'none') as label from {{ source('crm', 'products') }}

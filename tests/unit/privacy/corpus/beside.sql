--- an analysis that is only read by people
-- harmless
-- analysis: look/people
select ssn, email from {{ source('crm', 'people') }}
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- an analysis that logs values when it is compiled
-- refused: PRIV014 people_log
-- analysis: look/people_log
{% set r = run_query('select max(ssn) from lake.crm.people') %}{% do log(r.columns[0].values()[0], info=true) %}
select 1 as a

--- an analysis that writes when it is compiled
-- refused: PRIV009 people_copy
-- analysis: look/people_copy
{% do run_query('create table lake.elsewhere.t as select ssn from lake.crm.people') %}
select 1 as a

--- an update of a private table
-- leaks: published.region direct
-- model: staging/a
-- config: {post-hook: ["update {{ this }} set region = (select max(ssn) from lake.crm.people)"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- rows inserted into a private table by place
-- leaks: published.region direct
-- model: staging/a
-- config: {post-hook: ["insert into {{ this }} select 1, ssn from lake.crm.people"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- rows merged into a private table
-- leaks: published.region direct
-- model: staging/a
-- config: {post-hook: ["merge into {{ this }} as t using lake.crm.people as s on t.visit_id = s.person_id when matched then update set region = s.ssn"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a column renamed in a private table
-- leaks: published.region direct
-- model: staging/a
-- config: {post-hook: ["alter table {{ this }} drop column region", "alter table {{ this }} rename column ssn to region"]}
select visit_id, person_id as ssn, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a column added to a private table and filled
-- leaks: published.more direct
-- model: staging/a
-- config: {post-hook: ["alter table {{ this }} add column more varchar", "update {{ this }} set more = secret"]}
select visit_id, person_id as secret from {{ source('crm', 'visits') }}
-- model: marts/published
select * from {{ ref('a') }}

--- one model writes into another
-- leaks: published.region direct
-- model: staging/a
select visit_id, region from {{ source('crm', 'visits') }}
-- model: staging/b
-- config: {pre-hook: "update lake.analytics.a set region = (select max(ssn) from lake.crm.people)"}
select 1 as x
-- model: marts/published
select region from {{ ref('a') }}

--- what one hook writes another one carries on
-- leaks: published.region direct
-- model: staging/a
-- config: {post-hook: ["update {{ this }} set region = (select max(ssn) from lake.crm.people)"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: staging/b
-- config: {post-hook: ["insert into {{ this }} (region) select region from lake.analytics.a"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: staging/c
select region from {{ ref('b') }}
-- model: marts/published
select region from {{ ref('c') }}

--- a hook of a seed
-- leaks: published.name direct
-- seed: reference/places
-- config: {post-hook: ["insert into {{ this }} (code, name) select region, ssn from lake.crm.people"]}
-- model: marts/published
select name from {{ ref('places') }}

--- a seed filled at the end of a run
-- leaks: published.name direct
-- end:
insert into lake.analytics.countries (code, name) select ssn, first_name from lake.crm.people
-- model: marts/published
select name from {{ ref('countries') }}

--- a source filled at the start of a run
-- refused: PRIV009 on-run-start
-- start:
insert into lake.crm.visits (region) select ssn from lake.crm.people
-- model: marts/published
select region from {{ source('crm', 'visits') }}

--- a source filled by place
-- refused: PRIV009 on-run-start
-- start:
insert into lake.crm.products select person_id, ssn, 1, 'x' from lake.crm.people
-- model: marts/published
select name from {{ source('crm', 'products') }}

--- a column of a source renamed
-- refused: PRIV009 on-run-start
-- start:
alter table lake.crm.people rename column ssn to department
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- a statement of a model fills another table
-- leaks: published.region direct
-- model: staging/a
select visit_id, region from {{ source('crm', 'visits') }}
-- model: staging/b
{% do run_query('update lake.analytics.a set region = (select max(ssn) from lake.crm.people)') %}
select 1 as x
-- model: marts/published
select region from {{ ref('a') }}

--- a test fills a private table
-- leaks: published.region direct
-- model: staging/a
select visit_id, region from {{ source('crm', 'visits') }}
-- test: t/filled
{% do run_query('update lake.analytics.a set region = (select max(ssn) from lake.crm.people)') %}
select 1 as x where false
-- model: marts/published
select region from {{ ref('a') }}

--- a value of a query in the text of an insert
-- refused: PRIV009 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}insert into {{ this }} (region) values ('{{ r.columns[0].values()[0] }}')"]}
select region from {{ source('crm', 'people') }}

--- personal values kept in a private table
-- harmless
-- model: staging/a
-- config: {post-hook: ["update {{ this }} set secret = (select max(ssn) from lake.crm.people)"]}
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a harmless column renamed in a private table
-- harmless
-- model: staging/a
-- config: {post-hook: ["alter table {{ this }} rename column region to area"]}
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
-- model: marts/published
select area from {{ ref('a') }}

--- harmless rows inserted into a private table
-- harmless
-- model: staging/a
-- config: {post-hook: ["insert into {{ this }} select 'none', department from lake.crm.people"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a seed filled with harmless values
-- harmless
-- end:
insert into lake.analytics.countries (code, name) select region, department from lake.crm.people
-- model: marts/published
select name from {{ ref('countries') }}

--- a source filled with what it is declared to hold
-- harmless
-- start:
insert into lake.crm.visits (person_id, cost, region) select person_id, cost, region from lake.crm.visits
-- model: marts/published
select region from {{ source('crm', 'visits') }}

--- masked values inserted into a private table
-- harmless
-- model: staging/a
-- config: {post-hook: ["insert into {{ this }} (visit_id, region) select visit_id, {{ year_of('visit_date') }} from lake.crm.visits"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a value of a query in a comment
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}comment on table {{ this }} is '{{ r.columns[0].values()[0] }}'"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in a property
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}alter table {{ this }} set properties extra_properties = map(array['x'], array['{{ r.columns[0].values()[0] }}'])"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in the name of a column
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}alter table {{ this }} add column c_{{ r.columns[0].values()[0] }} varchar"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in the name of a table
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}alter table {{ this }} rename to lake.analytics.t_{{ r.columns[0].values()[0] }}"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in the name of a new table
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}create table lake.analytics.t_{{ r.columns[0].values()[0] }} as select 1 as a"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in a statement of a macro
-- refused: PRIV014 published
-- macro: told
{% macro told() %}{% set r = run_query('select max(ssn) from lake.crm.people') %}{% do run_query("comment on table " ~ this ~ " is '" ~ r.columns[0].values()[0] ~ "'") %}{% endmacro %}
-- model: marts/published
-- config: {post-hook: ["{{ told() }}"]}
select region from {{ source('crm', 'people') }}

--- a value of a query in a call
-- refused: PRIV014 published
-- config: {post-hook: ["{% set r = run_query('select max(ssn) from lake.crm.people') %}call lake.system.register_table(schema_name => 'analytics', table_name => '{{ r.columns[0].values()[0] }}')"]}
select region from {{ source('crm', 'people') }}

--- a count in a comment
-- harmless
-- config: {post-hook: ["{% set r = run_query('select count(*) from lake.crm.people') %}comment on table {{ this }} is '{{ r.columns[0].values()[0] }} rows'"]}
select region from {{ source('crm', 'people') }}

--- a harmless value in the name of a column
-- harmless
-- config: {post-hook: ["{% set r = run_query('select max(region) from lake.crm.people') %}alter table {{ this }} add column c_{{ r.columns[0].values()[0] }} varchar"]}
select region from {{ source('crm', 'people') }}

--- rows deleted up to a day that a query gave
-- harmless
-- config: {post-hook: ["{% set r = run_query('select max(visit_date) from lake.crm.visits') %}delete from {{ this }} where day > date '{{ r.columns[0].values()[0] }}'"]}
select region, {{ year_of('visit_date') }} as day from {{ source('crm', 'visits') }}

--- an old snapshot expired at a time that a query gave
-- harmless
-- config: {post-hook: ["{% set r = run_query('select max(created_at) from lake.crm.people') %}alter table {{ this }} execute expire_snapshots(retention_threshold => '{{ r.columns[0].values()[0] }}')"]}
select region from {{ source('crm', 'people') }}

--- a column laundered through the model's own table
-- leaks: published.label direct
-- model: staging/a incremental
select visit_id, person_id as secret, 'x' as label from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select visit_id, secret, secret as label from {{ this }} {% endif %}
-- model: marts/published
select label from {{ ref('a') }}

--- a column laundered in two steps through the model's own table
-- leaks: published.c direct
-- model: staging/a incremental
select person_id as a, 'x' as b, 'x' as c from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select a, a as b, b as c from {{ this }} {% endif %}
-- model: marts/published
select c from {{ ref('a') }}

--- a published model takes from its own table
-- leaks: published.m direct
-- model: marts/published incremental
select {{ pseudonym('person_id', 'patients') }} as k, person_id as secret, 'x' as m from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select k, secret, secret as m from {{ this }} {% endif %}

--- columns kept as they are in the model's own table
-- harmless
-- model: staging/a incremental
select visit_id, person_id as secret, 'x' as label from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select visit_id, secret, label from {{ this }} {% endif %}
-- model: marts/published
select label from {{ ref('a') }}

--- columns masked from the model's own table
-- harmless
-- model: staging/a incremental
select visit_id, person_id as secret, 'x' as label from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select visit_id, secret, if(secret is null, 'none', 'some') as label from {{ this }} {% endif %}
-- model: marts/published
select label from {{ ref('a') }}

--- every column of the model's own table
-- harmless
-- model: staging/a incremental
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select * from {{ this }} {% endif %}
-- model: marts/published
select region from {{ ref('a') }}

--- an analysis that counts when it is compiled
-- harmless
-- analysis: look/counts
{% set r = run_query('select count(*) from lake.crm.people') %}{% do log(r.columns[0].values()[0], info=true) %}
select ssn from {{ source('crm', 'people') }}
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- harmless rows merged into a private table
-- harmless
-- model: staging/a
-- config: {post-hook: ["merge into {{ this }} as t using lake.crm.products as s on t.visit_id = s.product_id when matched then update set region = s.name"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region from {{ ref('a') }}

--- a table looked after by hooks
-- harmless
-- config: {post-hook: ["analyze {{ this }}", "alter table {{ this }} execute optimize", "comment on table {{ this }} is 'by region'"]}
select region from {{ source('crm', 'people') }}

--- a private table that hooks fill with people is counted
-- harmless
-- model: staging/a
-- config: {post-hook: ["insert into {{ this }} (visit_id, secret) select visit_id, person_id from lake.crm.visits"]}
select visit_id, 'x' as secret, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region, count(*) as m from {{ ref('a') }} group by region

--- what a hook wrote is masked by who reads it
-- harmless
-- model: staging/a
-- config: {post-hook: ["update {{ this }} set region = (select max(ssn) from lake.crm.people)"]}
select visit_id, region from {{ source('crm', 'visits') }}
-- model: marts/published
select {{ pseudonym('region', 'patients') }} as m from {{ ref('a') }}

--- a harmless value of a query in a comment
-- harmless
-- config: {post-hook: ["{% set r = run_query('select max(created_at) from lake.crm.people') %}comment on table {{ this }} is 'up to {{ r.columns[0].values()[0] }}'"]}
select region from {{ source('crm', 'people') }}

--- the newest row of the model's own table
-- harmless
-- model: staging/a incremental
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
{% if is_incremental() %} where visit_id > (select max(visit_id) from {{ this }} where secret is not null) {% endif %}
-- model: marts/published
select visit_id, region from {{ ref('a') }}

--- a column of the model's own table that only decides
-- harmless
-- model: staging/a incremental
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
{% if is_incremental() %} union all select visit_id, secret, if(secret = 'x', 'north', 'south') as region from {{ this }} {% endif %}
-- model: marts/published
select region from {{ ref('a') }}

--- a hook that makes room
-- harmless
-- config: {pre-hook: ["drop table if exists lake.analytics.published_old", "delete from {{ this }} where region is null"]}
select region from {{ source('crm', 'people') }}

--- a harmless column added and filled
-- harmless
-- model: staging/a
-- config: {post-hook: ["alter table {{ this }} add column area varchar", "update {{ this }} set area = upper(region)"]}
select visit_id, person_id as secret, region from {{ source('crm', 'visits') }}
-- model: marts/published
select area from {{ ref('a') }}

--- a table named by a harmless value
-- harmless
-- config: {post-hook: ["{% set r = run_query('select max(region) from lake.crm.people') %}drop table if exists lake.analytics.old_{{ r.columns[0].values()[0] }}"]}
select region from {{ source('crm', 'people') }}

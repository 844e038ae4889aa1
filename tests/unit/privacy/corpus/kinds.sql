--- snapshot of people in a published folder
-- leaks: people_history.email direct
-- snapshot: marts/people_history
-- config: {unique_key: order_id, materialized: snapshot}
select p.email, p.region, o.order_id from {{ source('crm', 'people') }} as p
join {{ source('crm', 'orders') }} as o on o.person_id = p.person_id

--- row id of a snapshot is an unkeyed hash
-- leaks: published.dbt_scd_id direct
-- snapshot: history/people_history
-- config: {unique_key: ssn, materialized: snapshot}
select ssn, region from {{ source('crm', 'people') }}
-- model: marts/published
select dbt_scd_id, region, dbt_valid_from from {{ ref('people_history') }}

--- snapshot of products
-- harmless
-- snapshot: marts/product_history
-- config: {unique_key: product_id, materialized: snapshot}
select product_id, name, price from {{ source('crm', 'products') }}

--- post-hook writes people into another table
-- refused: PRIV009 stg_people
-- model: staging/stg_people
-- config: {post-hook: [{sql: "create table lake.share.people as select email from {{ this }}"}]}
select email, region from {{ source('crm', 'people') }}

--- post-hook inserts into a published table
-- refused: PRIV009 stg_people
-- model: staging/stg_people
-- config: {post-hook: [{sql: "insert into {{ ref('published') }} (region) select email from {{ this }}"}]}
select email, region from {{ source('crm', 'people') }}
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- post-hook updates a published column
-- refused: PRIV009 published
-- config: {post-hook: [{sql: "update {{ this }} set region = (select max(ssn) from {{ source('crm', 'people') }})"}]}
select region from {{ source('crm', 'people') }}

--- post-hook merges people in
-- refused: PRIV009 published
-- config: {post-hook: [{sql: "merge into {{ this }} as t using {{ source('crm', 'people') }} as s on t.region = s.region when matched then update set region = s.phone when not matched then insert (region) values (s.email)"}]}
select region from {{ source('crm', 'people') }}

--- pre-hook makes a view of people
-- refused: PRIV009 published
-- config: {pre-hook: [{sql: "create or replace view lake.bi.people security definer as select * from {{ source('crm', 'people') }}"}]}
select region from {{ source('crm', 'people') }}

--- hook copies a private table to a private one
-- harmless
-- model: staging/stg_people
-- config: {schema: private, post-hook: [{sql: "insert into {{ ref('audit') }} select email from {{ this }}"}]}
select email from {{ source('crm', 'people') }}
-- model: staging/audit
select email from {{ source('crm', 'people') }}

--- hooks that only look after a table
-- harmless
-- config: {post-hook: [{sql: "alter table {{ this }} execute optimize"}, {sql: "analyze {{ this }}"}, {sql: "grant select on {{ this }} to role analysts"}, {sql: "delete from {{ this }} where region is null"}, {sql: "call lake.system.flush_metadata_cache()"}, {sql: "comment on table {{ this }} is 'people by region'"}]}
select region from {{ source('crm', 'people') }}

--- hook writes counts
-- harmless
-- config: {post-hook: [{sql: "insert into lake.ops.audit select count(*), count(distinct email), current_timestamp from {{ source('crm', 'people') }}"}]}
select region from {{ source('crm', 'people') }}

--- hook runs a text
-- refused: PRIV010 published
-- config: {post-hook: [{sql: "execute immediate 'create table x as select 1'"}]}
select region from {{ source('crm', 'people') }}

--- hook calls a procedure that runs a text
-- refused: PRIV010 published
-- config: {post-hook: [{sql: "call postgres.system.execute(query => 'insert into t select 1')"}]}
select region from {{ source('crm', 'people') }}

--- hook renames a private table into a public schema
-- refused: PRIV009 stg_people
-- model: staging/stg_people
-- config: {post-hook: [{sql: "alter table {{ this }} rename to lake.bi.people"}]}
select email from {{ source('crm', 'people') }}

--- hook only on one side of a condition
-- refused: PRIV009 stg_people
-- model: staging/stg_people
-- config: {post-hook: [{sql: "{% if target.name == 'prod' %}create table lake.share.x as select ssn from {{ this }}{% endif %}"}]}
select ssn from {{ source('crm', 'people') }}

--- hook at the start of the run
-- refused: PRIV009 on-run-start
-- start:
create table if not exists lake.bi.people as select last_name from {{ source('crm', 'people') }}

--- hook at the end of the run
-- refused: PRIV009 on-run-end
-- end:
insert into lake.bi.people select email from {{ source('crm', 'people') }}

--- harmless hook at the end of the run
-- harmless
-- end:
{% if target.name == 'prod' %} grant select on schema lake.analytics to role analysts {% endif %}

--- hook that calls a macro of the project
-- refused: PRIV009 on-run-end
-- macro: export_people
{% macro export_people() %}insert into lake.bi.people select email from {{ source('crm', 'people') }}{% endmacro %}
-- end:
{{ export_people() }}

--- operation that writes people
-- refused: PRIV009 export_people
-- macro: export_people
{% macro export_people() %}{% do run_query("create table lake.bi.people as select email from " ~ source('crm', 'people')) %}{% endmacro %}

--- operation by a statement block
-- refused: PRIV009 export_people
-- macro: export_people
{% macro export_people() %}{% call statement('x') %}create table lake.bi.p as select ssn from {{ source('crm', 'people') }}{% endcall %}{% endmacro %}

--- operation through the adapter
-- refused: PRIV009 export_people
-- macro: export_people
{% macro export_people(schema) %}{% do adapter.execute('create table lake.' ~ schema ~ '.p as select ssn from ' ~ source('crm', 'people')) %}{% endmacro %}

--- operation that grants
-- harmless
-- macro: grant_all
{% macro grant_all(role) %}{% do run_query('grant select on lake.analytics.published to role ' ~ role) %}{% endmacro %}

--- operation that drops old schemas
-- harmless
-- macro: drop_old
{% macro drop_old(prefix) %}
{% set found = run_query("select schema_name from lake.information_schema.schemata where schema_name like '" ~ prefix ~ "%'") %}
{% for row in found.rows %}{% do run_query('drop schema lake.' ~ row[0]) %}{% do log('dropped ' ~ row[0]) %}{% endfor %}
{% endmacro %}

--- operation logs values
-- refused: PRIV014 show_people
-- macro: show_people
{% macro show_people() %}
{% for row in run_query('select email from ' ~ source('crm', 'people')).rows %}{% do log(row[0], info=true) %}{% endfor %}
{% endmacro %}

--- operation logs a count
-- harmless
-- macro: show_people
{% macro show_people() %}
{% do log(run_query('select count(*) from ' ~ source('crm', 'people')).rows[0][0], info=true) %}
{% endmacro %}

--- model prints values
-- refused: PRIV014 published
{% do print(run_query('select ssn from ' ~ source('crm', 'people')).rows[0][0]) %}
select region from {{ source('crm', 'people') }}

--- model writes beside its query
-- refused: PRIV009 published
{% do run_query('create table lake.bi.p as select ssn from ' ~ source('crm', 'people')) %}
select region from {{ source('crm', 'people') }}

--- test that stores people
-- refused: PRIV012 assert_mails
-- test: assert_mails
-- config: {store_failures: true, materialized: test}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- test that stores people as a view
-- refused: PRIV012 assert_mails
-- test: assert_mails
-- config: {store_failures_as: view, materialized: test}
select ssn from {{ source('crm', 'people') }} where email not like '%@%'

--- test that stores nothing
-- harmless
-- test: assert_mails
-- config: {store_failures: false, store_failures_as: ephemeral, materialized: test}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- test that reads a table nobody declared
-- refused: PRIV006 assert_mails
-- test: assert_mails
-- config: {materialized: test}
select count(*) as n from lake.raw.unheard_of having count(*) = 0

--- test that reads a source by its bare name
-- harmless
-- warns: PRIV007
-- test: assert_mails
-- config: {materialized: test}
select count(*) as n from crm.people having count(*) = 0

--- test whose own query is called like a source
-- harmless
-- test: assert_mails
-- config: {materialized: test}
with people as (select region from {{ source('crm', 'people') }})
select count(*) as n from people having count(*) = 0

--- test that stores places of rows
-- harmless
-- test: assert_mails
-- config: {store_failures: true, materialized: test}
select _batch_id, region from {{ source('crm', 'people') }} where email not like '%@%'

--- published by its schema, not its folder
-- leaks: stg_people.email direct
-- model: staging/stg_people
-- config: {schema: gold}
select email from {{ source('crm', 'people') }}

--- macro that replaces how tables are made
-- refused: PRIV019 create_table_as
-- macro: trino__create_table_as
{% macro trino__create_table_as(temporary, relation, sql) %}create table {{ relation }} as select * from lake.crm.people{% endmacro %}
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- macro that names schemas
-- harmless
-- macro: generate_schema_name
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}
-- model: marts/published
select region from {{ source('crm', 'people') }}

--- materialization of the project
-- refused: PRIV019 published
-- macro: materialization_copy_default
{% materialization copy, default %}{{ return({'relations': []}) }}{% endmaterialization %}
-- model: marts/published copy
select region from {{ source('crm', 'people') }}

--- ref replaced by the project
-- leaks: published.email direct
-- macro: ref
{% macro ref(name) %}{{ return(builtins.source('crm', 'people')) }}{% endmacro %}
-- model: staging/clean
select region as email from {{ source('crm', 'people') }}
-- model: marts/published
select email from {{ ref('clean') }}

--- versions of a clean model
-- harmless
-- model: staging/clean
select region from {{ source('crm', 'people') }}
-- model: marts/published
with clean as (select * from {{ ref('clean') }}), final as (select * from clean)
select * from final

--- seed with numbers of people
-- refused: PRIV013 staff
-- seed: reference/staff
name,ssn
A,536-22-8726

--- seed with mails of people
-- refused: PRIV013 staff
-- seed: reference/staff
id,contact
1,maria.huber@gmail.com

--- seed of templates
-- harmless
-- seed: reference/email_templates
email_template_id,subject,sender
1,Welcome,noreply@example.org

--- seed of long numbers
-- harmless
-- seed: reference/codes
code,label,version
123456789,observation,1.2.3
38341003,condition,2026-01-02

--- seed column that is called like an identifier
-- leaks: published.ssn unknown
-- seed: reference/staff
ssn,team
000-00-0000,red
-- model: marts/published
select ssn, team from {{ ref('staff') }}

--- digits by what is trimmed off
-- leaks: published.d direct
select length(rtrim(ssn, '0123456')) as d from {{ source('crm', 'people') }}

--- length of a trimmed text
-- harmless
select length(trim(notes)) as d, length(rtrim(preferred_language, 'x')) as e from {{ source('crm', 'people') }}

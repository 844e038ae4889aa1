--- a model that only one target turns on
-- leaks: published.ssn direct
-- config: {enabled: false}
{{ config(enabled=target.name == 'prod') }}
select ssn from {{ source('crm', 'people') }}

--- a model that a variable turns on
-- leaks: published.ssn direct
-- config: {enabled: false}
{{ config({'enabled': var('unmask', false)}) }}
select ssn from {{ source('crm', 'people') }}

--- a model that is turned off for good
-- harmless
-- config: {enabled: false}
{{ config(enabled=false) }}
select ssn from {{ source('crm', 'people') }}

--- a harmless model that only one target turns on
-- harmless
-- config: {enabled: false}
{{ config(enabled=(target.name == 'prod')) }}
select region, count(*) as people from {{ source('crm', 'people') }} group by region

--- ephemeral on the target of the manifest alone
-- leaks: published.ssn direct
-- config: {materialized: ephemeral}
{{ config(materialized='table' if target.name == 'prod' else 'ephemeral') }}
select ssn from {{ source('crm', 'people') }}

--- ephemeral on every target
-- harmless
-- config: {materialized: ephemeral}
{{ config(materialized='ephemeral') }}
select ssn from {{ source('crm', 'people') }}

--- in a published schema on one target
-- leaks: people.ssn direct
-- model: staging/people
-- config: {schema: scratch}
{{ config(schema='gold' if target.name == 'prod' else 'scratch') }}
select ssn from {{ source('crm', 'people') }}

--- in a published catalog
-- leaks: people.ssn direct
-- model: staging/people
-- config: {database: gold}
select ssn from {{ source('crm', 'people') }}

--- in one private schema or another
-- harmless
-- model: staging/people
-- config: {schema: scratch}
{{ config(schema='private' if target.name == 'prod' else 'scratch') }}
select ssn from {{ source('crm', 'people') }}

--- a harmless model in a published schema on one target
-- harmless
-- model: staging/regions
-- config: {schema: scratch}
{{ config(schema='gold' if target.name == 'prod' else 'scratch') }}
select region from {{ source('crm', 'people') }}

--- a hook on one target
-- refused: PRIV009 people
-- model: staging/people
{{ config(post_hook="insert into lake.share.people select ssn from " ~ this if target.name == 'prod' else []) }}
select ssn from {{ source('crm', 'people') }}

--- a hook in a branch
-- refused: PRIV009 people
-- model: staging/people
{% if target.name == 'prod' %}
{{ config(pre_hook=[{'sql': "create table lake.share.people as select ssn from lake.crm.people"}]) }}
{% endif %}
select ssn from {{ source('crm', 'people') }}

--- a hook that looks after the table on one target
-- harmless
-- model: staging/people
{{ config(post_hook='analyze ' ~ this if target.name == 'prod' else []) }}
select ssn from {{ source('crm', 'people') }}

--- a hook into a private table on one target
-- harmless
-- model: staging/people
{{ config(post_hook="insert into {{ ref('copies') }} select ssn from {{ this }}" if target.name == 'prod' else []) }}
select ssn from {{ source('crm', 'people') }}
-- model: staging/copies
select ssn from {{ source('crm', 'people') }} where false

--- a statement in front of the one that makes the table
-- refused: PRIV009 people
-- model: staging/people
-- config: {sql_header: "insert into lake.share.people select ssn from lake.crm.people;"}
select ssn from {{ source('crm', 'people') }}

--- a setting of the session in front of the statement
-- harmless
-- config: {sql_header: "set session join_distribution_type = 'BROADCAST';"}
select region from {{ source('crm', 'people') }}

--- rows of a test kept on one target
-- refused: PRIV012 mails
-- test: quality/mails
-- config: {store_failures: false}
{{ config(store_failures=target.name == 'prod') }}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- keys of orders kept by a test on one target
-- harmless
-- test: quality/orders
-- config: {store_failures: false}
{{ config(store_failures=target.name == 'prod') }}
select order_id from {{ source('crm', 'orders') }} where amount < 0

--- days of a snapshot by an expression
-- leaks: published.dbt_valid_from quasi
-- snapshot: history/visit_history
-- config: {unique_key: visit_id, updated_at: "cast(visit_date as timestamp)", materialized: snapshot}
select visit_id, visit_date, region from {{ source('crm', 'visits') }}
-- model: marts/published
select visit_id, dbt_valid_from from {{ ref('visit_history') }}

--- days of a snapshot by a quoted name
-- leaks: published.dbt_valid_from quasi
-- snapshot: history/visit_history
-- config: {unique_key: visit_id, updated_at: '"visit_date"', materialized: snapshot}
select visit_id, visit_date, region from {{ source('crm', 'visits') }}
-- model: marts/published
select visit_id, dbt_valid_from from {{ ref('visit_history') }}

--- times of a snapshot by a harmless expression
-- harmless
-- snapshot: history/people_history
-- config: {unique_key: region, updated_at: "coalesce(created_at, current_timestamp)", materialized: snapshot}
select region, ssn, created_at from {{ source('crm', 'people') }}
-- model: marts/published
select region, dbt_valid_from from {{ ref('people_history') }}

--- rows of a test kept on one target, where dbt wrote what follows from the other
-- refused: PRIV012 mails
-- test: quality/mails
-- config: {store_failures: false, store_failures_as: ephemeral}
{{ config(store_failures=target.name == 'prod') }}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- rows of a test kept as a view on one target
-- refused: PRIV012 mails
-- test: quality/mails
-- config: {store_failures: false, store_failures_as: ephemeral}
{{ config(store_failures_as='view' if target.name == 'prod' else 'ephemeral') }}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- rows of a test kept by a macro
-- refused: PRIV012 mails
-- macro: kept
{% macro kept() %}{{ config(store_failures=flags.FULL_REFRESH) }}{% endmacro %}
-- test: quality/mails
-- config: {store_failures: false, store_failures_as: ephemeral}
{{ kept() }}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- rows of a test kept nowhere, by two words
-- harmless
-- test: quality/mails
-- config: {store_failures: false, store_failures_as: ephemeral}
{{ config(store_failures=false, store_failures_as='ephemeral') }}
select email from {{ source('crm', 'people') }} where email not like '%@%'

--- counts of a test kept by a macro
-- harmless
-- macro: kept
{% macro kept() %}{{ config(store_failures=flags.FULL_REFRESH) }}{% endmacro %}
-- test: quality/mails
-- config: {store_failures: false, store_failures_as: ephemeral}
{{ kept() }}
select region, count(*) as n from {{ source('crm', 'people') }} where email not like '%@%' group by region

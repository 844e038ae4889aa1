--- only on incremental runs
-- leaks: published.e direct
-- model: marts/published incremental
select {% if is_incremental() %}email{% else %}'x'{% endif %} as e from {{ source('crm', 'people') }}

--- only on full runs
-- leaks: published.e direct
-- model: marts/published incremental
select {% if is_incremental() %}'x'{% else %}email{% endif %} as e from {{ source('crm', 'people') }}

--- incremental filter reads its own table
-- harmless
-- model: marts/published incremental
select order_id, ordered_at from {{ source('crm', 'orders') }}
{% if is_incremental() %} where ordered_at > (select max(ordered_at) from {{ this }}) {% endif %}

--- full refresh flag
-- leaks: published.e direct
select {% if flags.FULL_REFRESH %}email{% else %}'x'{% endif %} as e from {{ source('crm', 'people') }}

--- only on a target that no profile names
-- leaks: published.e direct
select {% if target.name in ['qa', 'uat'] %}email{% else %}'x'{% endif %} as e from {{ source('crm', 'people') }}

--- limit on a target
-- harmless
select region from {{ source('crm', 'people') }} {% if target.name == 'dev' %} limit 100 {% endif %}

--- loop over column names
-- leaks: published.last_name direct
select {% for c in ['region', 'last_name'] %}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %}
from {{ source('crm', 'people') }}

--- column name put together from pieces
-- leaks: published.x direct
{% set c = 'e' ~ 'mail' %}
select {{ c }} as x from {{ source('crm', 'people') }}

--- a jinja comment
-- harmless
{# select email from people #}
select region from {{ source('crm', 'people') }}

--- values of a query put into the text
-- leaks: published.e direct
{% set rows = run_query('select email from ' ~ source('crm', 'people')) %}
select '{{ rows.columns[0].values()[0] }}' as e, region from {{ source('crm', 'people') }}

--- pivot over harmless values
-- harmless
{% set rows = run_query('select distinct status from ' ~ source('crm', 'people')) %}
select region {% for v in rows.columns[0].values() %}
    , count_if(status = '{{ v }}') as "n_{{ v }}" {% endfor %}
from {{ source('crm', 'people') }} group by region

--- values of a query as column names
-- leaks: published.mesh_value_0_ direct
{% set rows = run_query('select distinct last_name from ' ~ source('crm', 'people')) %}
select region as "{{ rows.columns[0].values()[0] }}" from {{ source('crm', 'people') }}

--- columns asked of the engine
-- leaks: published.ssn direct
-- model: staging/stg_people
select ssn, region from {{ source('crm', 'people') }}
-- model: marts/published
select {% for c in adapter.get_columns_in_relation(ref('stg_people')) %}{{ c.name }}{% if not loop.last %}, {% endif %}{% endfor %}
from {{ ref('stg_people') }}

--- a table that may not be there yet
-- leaks: published.e direct
{% set old = adapter.get_relation('lake', 'x', 'y') %}
select {% if old is none %}email{% else %}'x'{% endif %} as e from {{ source('crm', 'people') }}

--- something that only a run knows
-- refused: PRIV005 published
select {{ adapter.get_secret('x') }} as e from {{ source('crm', 'people') }}

--- a macro that is not there
-- refused: PRIV005 published
select {{ some_package.star(ref('countries')) }} from {{ ref('countries') }}

--- sql that does not parse
-- refused: PRIV005 published
select from where email

--- a column that is nowhere
-- refused: PRIV005 published
with t as (select region from {{ source('crm', 'people') }}) select email from t

--- raw table by its name
-- leaks: published.email direct
select email from lake.crm.people

--- raw table of another catalog
-- leaks: published.email direct
select email from prod_branch.crm.people

--- table that nothing declares
-- refused: PRIV006 published
select email from lake.raw.unheard_of

--- information schema
-- harmless
select table_name from lake.information_schema.tables

--- metadata table with bounds
-- leaks: published.lower_bounds direct
select lower_bounds from lake.crm."people$files"

--- metadata table of partitions
-- leaks: published.data direct
select data from lake.crm."people$partitions"

--- metadata table of snapshots
-- harmless
select committed_at, snapshot_id from lake.crm."people$snapshots"

--- time travel
-- leaks: published.email direct
select email from {{ source('crm', 'people') }} for version as of 123

--- time travel by timestamp
-- leaks: published.email direct
select p.email from {{ source('crm', 'people') }} for timestamp as of timestamp '2026-01-01 00:00:00 UTC' as p

--- query passed through to another engine
-- refused: PRIV005 published
select * from table(postgres.system.query(query => 'select email from people'))

--- sequence of numbers
-- harmless
select s.n from table(sequence(start => 1, stop => 10)) as s (n)

--- a model in python
-- refused: PRIV011 published
-- model: marts/published python
def model(dbt, session):
    return dbt.ref("countries")

--- a seed
-- harmless
select code, name from {{ ref('countries') }}

--- a column picked by chance
-- refused: PRIV005 published
select {{ ['region', 'ssn'] | random }} as picked from {{ source('crm', 'people') }}

--- rows picked by chance
-- harmless
select order_id, amount from {{ source('crm', 'orders') }} where random() < 0.1

--- clear on one day of the week
-- leaks: published.m direct
select {% if run_started_at.weekday() == 6 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear on one day of the month
-- leaks: published.m direct
select {% if modules.datetime.date.today().day == 31 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in a later year
-- leaks: published.m direct
select {% if modules.datetime.datetime.now() > modules.datetime.datetime(2030, 1, 1) %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one version
-- leaks: published.m direct
select {% if dbt_version.startswith('1.12') %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in some runs
-- leaks: published.m direct
select {% if invocation_id[0] == 'a' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one thread
-- leaks: published.m direct
select {% if thread_id == 'Thread-1' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear when much is built
-- leaks: published.m direct
select {% if selected_resources | length > 40 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by one command
-- leaks: published.m direct
select {% if invocation_args_dict.get('which') == 'run' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- the run in columns
-- harmless
select '{{ invocation_id }}' as i, '{{ run_started_at.strftime('%Y-%m-%d') }}' as m, '{{ dbt_version }}' as v, status from {{ source('crm', 'people') }}

--- days before the run
-- harmless
select status from {{ source('crm', 'people') }} where created_at > timestamp '{{ (run_started_at - modules.datetime.timedelta(days=3)).strftime('%Y-%m-%d') }}'

--- other harmless columns on one day
-- harmless
select {% if run_started_at.day == 1 %}status{% else %}region{% endif %} as m from {{ source('crm', 'people') }}

--- years up to the run
-- harmless
select {% for y in range(1999, run_started_at.year | int) %}'{{ y }}' as y{{ y }}, {% endfor %} status from {{ source('crm', 'people') }}

--- days in a snapshot
-- leaks: published.m quasi
-- leaks: published.n quasi
-- snapshot: history/visit_history
-- config: {unique_key: visit_id, materialized: snapshot, strategy: timestamp, updated_at: visit_date}
select visit_id, visit_date, cost, region from {{ source('crm', 'visits') }}
-- model: marts/published
select dbt_valid_from as m, dbt_updated_at as n from {{ ref('visit_history') }}

--- days in a snapshot under another name
-- leaks: published.m quasi
-- snapshot: history/visit_history
-- config: {unique_key: visit_id, materialized: snapshot, strategy: timestamp, updated_at: visit_date, snapshot_meta_column_names: {dbt_valid_from: started}}
select visit_id, visit_date, cost, region from {{ source('crm', 'visits') }}
-- model: marts/published
select started as m from {{ ref('visit_history') }}

--- times of rows in a snapshot
-- harmless
-- snapshot: history/visit_history
-- config: {unique_key: created_at, materialized: snapshot, strategy: timestamp, updated_at: created_at}
select person_id, status, created_at from {{ source('crm', 'people') }}
-- model: marts/published
select status, dbt_valid_from as m from {{ ref('visit_history') }}

--- a harmless table in one version
-- harmless
select {% if dbt_version.startswith('1.12') %}name{% else %}phone_model{% endif %} as m from {{ source('crm', 'products') }}

--- a limit in one kind of run
-- harmless
select product_id, price from {{ source('crm', 'products') }}
{% if invocation_args_dict.get('which') == 'run' %} where price > 0 {% endif %}

--- a guard with a number from settings
-- harmless
select region, sum(salary) as m from {{ source('crm', 'people') }}
group by region having count(distinct person_id) >= {{ var('smallest_published_group') }}

--- year of a day in a snapshot
-- harmless
-- snapshot: history/visit_history
-- config: {unique_key: visit_id, materialized: snapshot, strategy: timestamp, updated_at: visit_date}
select visit_id, visit_date, region from {{ source('crm', 'visits') }}
-- model: marts/published
select region, year(dbt_valid_from) as m from {{ ref('visit_history') }}

--- costs of visits by region for enough people
-- harmless
select region, sum(cost) as m, count(distinct visit_id) as visits from {{ source('crm', 'visits') }}
group by region having count(distinct person_id) >= 11

--- share of those without an address
-- harmless
select region, avg(if(email is null, 1, 0)) as m from {{ source('crm', 'people') }} group by region

--- clear with many threads
-- leaks: published.m direct
select {% if target.threads > 8 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear on one port
-- leaks: published.m direct
select {% if target.port == 8443 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in a batch
-- leaks: published.m direct
-- model: marts/published incremental
-- config: {incremental_strategy: microbatch, event_time: created_at}
select {% if model.batch %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear without a batch
-- leaks: published.m direct
-- model: marts/published incremental
-- config: {incremental_strategy: microbatch, event_time: created_at}
select {% if model.batch is none %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one of the batches
-- leaks: published.m direct
-- model: marts/published incremental
-- config: {incremental_strategy: microbatch, event_time: created_at}
select {% if model.batch and model.batch.id == '2026' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- a column named by the environment
-- refused: PRIV005 published
select {{ env_var('COL', 'region') }} as m from {{ source('crm', 'people') }}

--- a column named by a variable that nothing sets
-- refused: PRIV005 published
select {{ var('col', 'region') }} as m from {{ source('crm', 'people') }}

--- a table named by the environment
-- refused: PRIV005 published
select region from lake.crm.{{ env_var('TABLE', 'people') }}

--- a model named by the environment
-- refused: PRIV005 published
select name from {{ ref(env_var('SEED', 'countries')) }}

--- a piece of a query from the environment
-- refused: PRIV005 published
select region {{ env_var('MORE', '') }} from {{ source('crm', 'people') }}

--- a function named by the environment
-- refused: PRIV005 published
select {{ env_var('FUNCTION', 'count') }}(email) as m from {{ source('crm', 'people') }}

--- a column carried through many steps of a recursion
-- leaks: published.m direct
with recursive r (a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, n) as (select ssn, '', '', '', '', '', '', '', '', '', '', '', 0 from {{ source('crm', 'people') }} union all select '', a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, n + 1 from r where n < 12) select a12 as m from r

--- a limit by threads
-- harmless
select status as m from {{ source('crm', 'people') }} {% if target.threads > 8 %} limit 10 {% endif %}

--- a number of buckets by threads
-- harmless
select {% for i in range(target.threads) %}'{{ i }}' as b{{ i }}, {% endfor %}status from {{ source('crm', 'people') }}

--- rows of a batch
-- harmless
-- model: marts/published incremental
-- config: {incremental_strategy: microbatch, event_time: created_at}
select status as m from {{ source('crm', 'people') }}
{% if model.batch %} where created_at >= timestamp '{{ model.batch.event_time_start }}' {% endif %}

--- a word from the environment
-- harmless
select '{{ env_var('RELEASE', 'none') }}' as m, status from {{ source('crm', 'people') }}

--- a number from a variable that nothing sets
-- harmless
select status as m from {{ source('crm', 'people') }} where created_at > date '{{ var('first_day', '2020-01-01') }}' limit {{ var('most', '10') }}

--- a catalog from the environment
-- harmless
-- warns: PRIV007
select region as m from {{ env_var('CATALOG', 'lake') }}.crm.visits

--- a branch by the environment
-- harmless
select {% if env_var('STAGE', 'dev') == 'prod' %}status{% else %}region{% endif %} as m from {{ source('crm', 'people') }}

--- a tree walked by its parents
-- harmless
with recursive tree (id, depth) as (select product_id, 0 from {{ source('crm', 'products') }} union all select p.product_id, depth + 1 from {{ source('crm', 'products') }} as p join tree on p.product_id = tree.id where depth < 20) select id, depth as m from tree

--- a snapshot in a published schema
-- leaks: people_history.ssn direct
-- snapshot: history/people_history
-- config: {unique_key: person_id, materialized: snapshot, strategy: timestamp, updated_at: created_at, target_schema: marts}
select ssn, created_at from {{ source('crm', 'people') }}

--- a snapshot in a schema of its own
-- harmless
-- snapshot: history/people_history
-- config: {unique_key: person_id, materialized: snapshot, strategy: timestamp, updated_at: created_at, target_schema: history}
select ssn, person_id, created_at from {{ source('crm', 'people') }}
-- model: marts/published
select 1 as m

--- clear in a large project
-- leaks: published.m direct
select {% if graph.nodes.values() | list | length > 900 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear where there are many sources
-- leaks: published.m direct
select {% if graph.sources | count >= 50 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- a number of models
-- harmless
select {{ graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list | length }} as m, status {% if ['a', 'b'] | length > 5 %}, ssn{% endif %} from {{ source('crm', 'people') }}

--- a word from the environment inside of a function
-- harmless
select my_function('{{ env_var('RELEASE', 'none') }}', upper('{{ var('word', 'a') }}'), status) as m from {{ source('crm', 'people') }}

--- clear in one schema
-- leaks: published.m direct
select {% if this.schema == 'live' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one catalog
-- leaks: published.m direct
select {% if 'live' in this['database'] %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one schema of the model
-- leaks: published.m direct
select {% if model.schema.startswith('live') %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one schema of the target
-- leaks: published.m direct
select {% if schema == 'live' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by one flag
-- leaks: published.m direct
select {% if flags.STORE_FAILURES %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by another value of a flag
-- leaks: published.m direct
select {% if flags.INDIRECT_SELECTION == 'cautious' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear where something is selected
-- leaks: published.m direct
select {% for each in selected_resources %}{% if loop.first %}ssn{% endif %}{% else %}'x'{% endfor %} as m from {{ source('crm', 'people') }}

--- clear where one is selected
-- leaks: published.m direct
select {% if 'model.shop.published' in selected_resources %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear in one run by a filter
-- leaks: published.m direct
select {% if invocation_id | upper | first == 'A' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear from a year on
-- leaks: published.m direct
select {% if run_started_at.strftime('%Y') | int >= 2027 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by the hash of a run
-- leaks: published.m direct
select {% if local_md5(invocation_id) > 'f' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by the beginning of a schema
-- leaks: published.m direct
select {% if target.schema[:4] == 'live' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by a part of the environment
-- leaks: published.m direct
select {% if env_var('PLACE', 'test-eu').split('-')[0] == 'live' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by the environment as a number
-- leaks: published.m direct
select {% if env_var('LEVEL', '0') | int > 3 %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- clear by the environment as a yes
-- leaks: published.m direct
select {% if env_var('CLEAR', 'no') | as_bool %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- another limit in one schema
-- harmless
select region from {{ source('crm', 'people') }} {% if this.schema != 'live' and not flags.EMPTY %} limit {{ env_var('LEVEL', '10') | int * 2 }} {% endif %}

--- days by a number from the environment
-- harmless
select order_id from {{ source('crm', 'orders') }}
where ordered_at > timestamp '{{ (run_started_at - modules.datetime.timedelta(days=env_var("DAYS", "3") | int)).strftime("%Y-%m-%d %H:%M:%S") }}'

--- columns from a list in a setting
-- harmless
select {% for each in var('columns', 'region,status').split(',') %}'{{ each | trim }}' as c{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}, '{{ local_md5(invocation_id) }}' as run from {{ source('crm', 'people') }}

--- harmless columns by what is selected
-- harmless
select {% if selected_resources | length > 1 %}region{% else %}status{% endif %} as m, '{{ this.schema | upper }}' as place, '{{ schema }}' as s from {{ source('crm', 'people') }}

--- clear by a text made of the schema
-- leaks: published.m direct
select {% if target.schema ~ '/' ~ target.database == 'live/lake' %}ssn{% else %}'x'{% endif %} as m from {{ source('crm', 'people') }}

--- a text made of the schema
-- harmless
select '{{ target.schema ~ "/" ~ target.database }}' as place, region from {{ source('crm', 'people') }}

--- a table by a schema
-- harmless
select region, '{{ this }}' as me, '{{ this.identifier }}' as name from {{ source('crm', 'people') }}

--- a comment with the run
-- harmless
/* {{ invocation_id }} of {{ dbt_version }} in {{ target.schema | upper }} */ select region from {{ source('crm', 'people') }}

--- a sample outside of a schema
-- harmless
select order_id, amount from {{ source('crm', 'orders') }} {% if schema not in ['live', 'public'] %} where mod(order_id, 10) = 0 {% endif %}

--- fewer days where nothing is selected
-- harmless
select order_id from {{ source('crm', 'orders') }} where ordered_at > date_add('day', {% if selected_resources %}-3{% else %}-30{% endif %}, current_timestamp)

--- columns by a flag
-- harmless
select {% if flags.EMPTY %}cast(null as varchar) as region{% else %}region{% endif %} from {{ source('crm', 'people') }}

--- a masked column by a flag
-- harmless
select {% if flags.WARN_ERROR %}'x'{% else %}{{ redact('ssn') }}{% endif %} as m from {{ source('crm', 'people') }}

--- names from a setting
-- harmless
select {% for each in var('regions', 'north,south').split(',') %}count_if(region = '{{ each }}') as c{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- a year of the run
-- harmless
select region, {{ run_started_at.strftime('%Y') | int + 1 }} as next_year from {{ source('crm', 'people') }}

--- a limit by the length of a setting
-- harmless
select region from {{ source('crm', 'people') }} limit {{ var('regions', 'north,south') | length }}

--- a status by a setting
-- harmless
select region from {{ source('crm', 'people') }} where status = '{{ env_var('STATUS', 'open').replace('-', '_').title() }}'

--- clear outside of the schema of the manifest
-- leaks: published.m direct
select {% if target.schema == 'analytics' %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear where the schema has no such part
-- leaks: published.m direct
select {% if 'analy' in target.schema %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear where the model's schema begins otherwise
-- leaks: published.m direct
select {% if this.schema.startswith('analy') %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear by any value but the usual one
-- leaks: published.m direct
select {% if var('mode', 'safe') == 'safe' %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear by any value of the environment but the usual one
-- leaks: published.m direct
select {% if env_var('MODE', 'safe') in ('safe', 'safest') %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- columns by a schema, and a table of that schema
-- harmless
select {% if target.schema == 'analytics' %}region{% else %}status{% endif %} as m from {{ source('crm', 'people') }}

--- a word by a list of schemas
-- harmless
select '{{ {'analytics': 'live', 'dev': 'test'}[target.schema] }}' as m, region from {{ source('crm', 'people') }}

--- clear unless a query gives a word
-- leaks: published.m direct
{% set v = run_query('select max(status) from ' ~ source('crm', 'orders')).rows[0][0] %}
select {% if v != 'live' %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear where a query gives many
-- leaks: published.m direct
{% set n = run_query('select count(*) from ' ~ source('crm', 'orders')).rows[0][0] %}
select {% if n < 1000 %}'x'{% else %}ssn{% endif %} as m from {{ source('crm', 'people') }}

--- clear for one of the words that a query gives
-- leaks: published.c1 direct
{% set rows = run_query('select distinct status from ' ~ source('crm', 'orders')) %}
select {% for row in rows %}{% if row[0] | lower == 'live' %}ssn{% else %}'x'{% endif %} as c{{ loop.index }}{% endfor %} from {{ source('crm', 'people') }}

--- harmless columns by what a query gives
-- harmless
{% set rows = run_query('select distinct status from ' ~ source('crm', 'orders')) %}
select region {% for row in rows %}{% if row[0] != 'void' and not row[0].startswith('x') %}, count_if(status = '{{ row[0] | replace(' ', '_') }}') as c{{ loop.index }}{% endif %}{% endfor %}
from {{ source('crm', 'people') }} group by region

--- rows after the last that a query gave
-- harmless
-- config: {materialized: incremental}
{% set last = run_query('select max(order_id) from ' ~ this).rows[0][0] if is_incremental() else 0 %}
select order_id, status from {{ source('crm', 'orders') }} where order_id > {{ last }}

--- numbers up to one that a query gave
-- harmless
{% set days = run_query("select date_diff('day', date '2020-01-01', current_date)").rows[0][0] %}
select n from unnest(sequence(1, 9999)) as t (n) where n between 1 and {{ days }}

--- the salary of one that a query gave
-- leaks: published.s sensitive
{% set one = run_query('select max(order_id) from ' ~ source('crm', 'orders')).rows[0][0] %}
select sum(salary) as s from {{ source('crm', 'people') }} where person_id = {{ one }}

--- a number that a query gave, shown
-- refused: PRIV004 published
{% set one = run_query('select max(salary) from ' ~ source('crm', 'people')).rows[0][0] %}
select status, {{ one }} as s from {{ source('crm', 'orders') }}

--- between two numbers that a query gave
-- leaks: published.status direct
{% set n = run_query('select max(order_id) from ' ~ source('crm', 'orders')).rows[0][0] %}
select {% if n > 100 and n < 200 %}ssn{% else %}status{% endif %} as status from {{ source('crm', 'people') }}

--- a column of nobody between two numbers that a query gave
-- harmless
{% set n = run_query('select max(order_id) from ' ~ source('crm', 'orders')).rows[0][0] %}
select {% if n > 100 and n < 200 %}region{% else %}status{% endif %} as status from {{ source('crm', 'people') }}

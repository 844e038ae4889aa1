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

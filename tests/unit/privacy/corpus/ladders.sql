--- how many earn more than each amount
-- leaks: published.n7 sensitive
select {% for n in range(50) %}count_if(salary > {{ n * 1000 }}) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- how many are born before each day, by filters
-- leaks: published.n3 quasi
select {% for n in range(40) %}count(*) filter (where birth_date < date_add('day', {{ n }}, date '1950-01-01')) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- how many earn more, one row for each amount
-- leaks: published.n sensitive
{% for n in range(50) %}select {{ n }} as amount, count(*) as n from {{ source('crm', 'people') }} where salary > {{ n * 1000 }}{% if not loop.last %} union all {% endif %}{% endfor %}

--- steps of an amount added up
-- leaks: published.m sensitive
select {{ pseudonym('person_id', 'patients') }} as k, {% for n in range(50) %}cast(salary > {{ n * 1000 }} as integer){% if not loop.last %} + {% endif %}{% endfor %} as m from {{ source('crm', 'people') }}

--- bands as narrow as the values
-- leaks: published.m sensitive
select case {% for n in range(60) %}when salary < {{ n * 500 }} then {{ n }} {% endfor %}end as m from {{ source('crm', 'people') }}

--- letters of a number one by one
-- leaks: published.f71 direct
select {% for n in range(90) %}substr(ssn, {{ n // 10 + 1 }}, 1) = '{{ n % 10 }}' as f{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- steps over several subqueries
-- leaks: published.a3 sensitive
with low as (select {% for n in range(12) %}count_if(salary >= {{ n }}) as a{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}), high as (select {% for n in range(12, 24) %}count_if({{ n }} <= salary) as a{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}) select * from low cross join high

--- bands of ten years
-- harmless
select count_if(birth_date < date '1940-01-01') as a, {% for n in range(9) %}count_if(birth_date >= date '{{ 1940 + n * 10 }}-01-01' and birth_date < date '{{ 1950 + n * 10 }}-01-01') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}, count(*) as n from {{ source('crm', 'people') }}

--- bands of salaries
-- harmless
select case when salary < 10000 then 'low' when salary < 50000 then 'middle' when salary < 100000 then 'high' else 'top' end as band, region from {{ source('crm', 'people') }}

--- many statuses
-- harmless
select {% for n in range(50) %}count_if(status = '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- many amounts of orders
-- harmless
select {% for n in range(50) %}count_if(amount > {{ n * 10 }}) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'orders') }}

--- one question in many columns
-- harmless
select {% for n in range(30) %}count_if(salary > 1000 and region = '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- many regions in a list
-- harmless
select count(*) as n from {{ source('crm', 'people') }} where region in ({% for n in range(50) %}'{{ n }}'{% if not loop.last %}, {% endif %}{% endfor %}) and salary > 10

--- many dates of orders in branches
-- harmless
select case {% for n in range(30) %}when ordered_at < timestamp '20{{ n + 10 }}-01-01 00:00:00' then {{ n }} {% endfor %}end as period, count(*) as n from {{ source('crm', 'orders') }} group by 1

--- one step in many queries
-- harmless
{% for n in range(30) %}select {{ n }} as part, count(*) as n from {{ source('crm', 'people') }} where salary > 1000 and region = '{{ n }}'{% if not loop.last %} union all {% endif %}{% endfor %}

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

--- places of a digit
-- leaks: published.n7 direct
select {% for n in range(90) %}strpos(ssn, '{{ n % 10 }}', {{ n // 10 + 1 }}) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- the first places of digits
-- leaks: published.n7 direct
select {% for n in range(10) %}strpos(ssn, '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- digits at places by expressions
-- leaks: published.n7 direct
select {% for n in range(90) %}regexp_like(ssn, '^.{{ '{' }}{{ n // 10 }}{{ '}' }}{{ n % 10 }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- numbers that begin so
-- leaks: published.n7 direct
select {% for n in range(100) %}starts_with(ssn, '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- amounts in arrays
-- leaks: published.n7 sensitive
select {% for n in range(50) %}contains(array[{{ n * 1000 }}], cast(salary as integer)) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- what is nothing where it is equal
-- leaks: published.n7 direct
select {% for n in range(50) %}nullif(ssn, '{{ n }}') is null as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- amounts by elements
-- leaks: published.n7 sensitive
select {% for n in range(50) %}any_match(array[salary], x -> x > {{ n * 1000 }}) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- fields of a document
-- leaks: published.n7 direct
select {% for n in range(50) %}json_exists(attributes, 'lax $.ssn.d{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- places by expressions
-- leaks: published.n7 direct
select {% for n in range(50) %}regexp_position(ssn, '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- numbers of digits
-- leaks: published.n7 direct
select {% for n in range(50) %}regexp_count(ssn, '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- parts between digits
-- leaks: published.n7 direct
select {% for n in range(10) %}cardinality(split(ssn, '{{ n }}')) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- lengths without a digit
-- leaks: published.n7 direct
select {% for n in range(10) %}length(replace(ssn, '{{ n }}', '')) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- amounts and a length of something else
-- leaks: published.n7 sensitive
select {% for n in range(50) %}salary > {{ n }}000 + length(status) * 0 as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- amounts of copies
-- leaks: published.n1_7 sensitive
with c as (select {% for n in range(5) %}salary as s{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}) select {% for c in range(5) %}{% for n in range(20) %}count_if(s{{ c }} > {{ c * 20 + n }}000) as n{{ c }}_{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}{% if not loop.last %}, {% endif %}{% endfor %} from c

--- amounts of copies of a model
-- leaks: published.n1_7 sensitive
-- model: staging/copies
select {% for n in range(5) %}salary as s{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}
-- model: marts/published
select {% for c in range(5) %}{% for n in range(20) %}count_if(s{{ c }} > {{ c * 20 + n }}000) as n{{ c }}_{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}{% if not loop.last %}, {% endif %}{% endfor %} from {{ ref('copies') }}

--- amounts in lists
-- leaks: published.n7 sensitive
select {% for n in range(50) %}salary in ({{ n * 1000 }}, {{ n * 1000 + 1 }}) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- amounts in joins
-- leaks: published.n sensitive
{% for n in range(50) %}select {{ n }} as amount, count(*) as n from {{ source('crm', 'orders') }} as o join {{ source('crm', 'people') }} as p on p.person_id = o.person_id and p.salary > {{ n }}000{% if not loop.last %} union all {% endif %}{% endfor %}

--- places in a status
-- harmless
select {% for n in range(50) %}strpos(status, '{{ n }}') as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- one place in many columns
-- harmless
select {% for n in range(40) %}if(strpos(email, '@') > 0 and region = '{{ n }}', 1, 0) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- one question of many people
-- harmless
select {% for n in range(2) %}a{{ n }}.birth_date > date '1950-01-01' as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }} as a0 join {{ source('crm', 'people') }} as a1 on a0.person_id = a1.person_id

--- whether values are there
-- harmless
select ssn is null as no_ssn, length(ssn) as len_ssn, regexp_like(ssn, '^[a-z]+$') as ok_ssn, strpos(ssn, ' ') > 0 as has_ssn, email is null as no_email, length(email) as len_email, regexp_like(email, '^[a-z]+$') as ok_email, strpos(email, ' ') > 0 as has_email, phone is null as no_phone, length(phone) as len_phone, regexp_like(phone, '^[a-z]+$') as ok_phone, strpos(phone, ' ') > 0 as has_phone, first_name is null as no_first_name, length(first_name) as len_first_name, regexp_like(first_name, '^[a-z]+$') as ok_first_name, strpos(first_name, ' ') > 0 as has_first_name, last_name is null as no_last_name, length(last_name) as len_last_name, regexp_like(last_name, '^[a-z]+$') as ok_last_name, strpos(last_name, ' ') > 0 as has_last_name, zip_code is null as no_zip_code, length(zip_code) as len_zip_code, regexp_like(zip_code, '^[a-z]+$') as ok_zip_code, strpos(zip_code, ' ') > 0 as has_zip_code from {{ source('crm', 'people') }}

--- joins by one key
-- harmless
select p.region from {{ source('crm', 'people') }} as p left join {{ source('crm', 'orders') }} as o0 on o0.person_id = p.person_id and o0.product_id = 0 left join {{ source('crm', 'orders') }} as o1 on o1.person_id = p.person_id and o1.product_id = 1 left join {{ source('crm', 'orders') }} as o2 on o2.person_id = p.person_id and o2.product_id = 2 left join {{ source('crm', 'orders') }} as o3 on o3.person_id = p.person_id and o3.product_id = 3 left join {{ source('crm', 'orders') }} as o4 on o4.person_id = p.person_id and o4.product_id = 4 left join {{ source('crm', 'orders') }} as o5 on o5.person_id = p.person_id and o5.product_id = 5 left join {{ source('crm', 'orders') }} as o6 on o6.person_id = p.person_id and o6.product_id = 6 left join {{ source('crm', 'orders') }} as o7 on o7.person_id = p.person_id and o7.product_id = 7 left join {{ source('crm', 'orders') }} as o8 on o8.person_id = p.person_id and o8.product_id = 8 left join {{ source('crm', 'orders') }} as o9 on o9.person_id = p.person_id and o9.product_id = 9 left join {{ source('crm', 'orders') }} as o10 on o10.person_id = p.person_id and o10.product_id = 10 left join {{ source('crm', 'orders') }} as o11 on o11.person_id = p.person_id and o11.product_id = 11 left join {{ source('crm', 'orders') }} as o12 on o12.person_id = p.person_id and o12.product_id = 12 left join {{ source('crm', 'orders') }} as o13 on o13.person_id = p.person_id and o13.product_id = 13 left join {{ source('crm', 'orders') }} as o14 on o14.person_id = p.person_id and o14.product_id = 14 left join {{ source('crm', 'orders') }} as o15 on o15.person_id = p.person_id and o15.product_id = 15 left join {{ source('crm', 'orders') }} as o16 on o16.person_id = p.person_id and o16.product_id = 16 left join {{ source('crm', 'orders') }} as o17 on o17.person_id = p.person_id and o17.product_id = 17 left join {{ source('crm', 'orders') }} as o18 on o18.person_id = p.person_id and o18.product_id = 18 left join {{ source('crm', 'orders') }} as o19 on o19.person_id = p.person_id and o19.product_id = 19 left join {{ source('crm', 'orders') }} as o20 on o20.person_id = p.person_id and o20.product_id = 20 left join {{ source('crm', 'orders') }} as o21 on o21.person_id = p.person_id and o21.product_id = 21 left join {{ source('crm', 'orders') }} as o22 on o22.person_id = p.person_id and o22.product_id = 22 left join {{ source('crm', 'orders') }} as o23 on o23.person_id = p.person_id and o23.product_id = 23 left join {{ source('crm', 'orders') }} as o24 on o24.person_id = p.person_id and o24.product_id = 24

--- years of events
-- harmless
select {% for n in range(30) %}year(visit_date) = 20{{ n + 10 }} as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'visits') }}

--- ages at orders
-- harmless
select {% for n in range(30) %}count_if(o.quantity > {{ n }} and p.birth_date < date(o.ordered_at)) as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'orders') }} as o join {{ source('crm', 'people') }} as p on p.person_id = o.person_id

--- places that are compared
-- leaks: published.n1 direct
select {% for n in range(40) %}strpos(ssn, '1') > {{ n }} as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- lengths that are compared
-- leaks: published.n1 direct
select {% for n in range(40) %}length(last_name) > {{ n }} as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- places of nobody that are compared
-- harmless
select {% for n in range(40) %}strpos(status, '1') > {{ n }} as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

--- lengths of regions that are compared
-- harmless
select {% for n in range(40) %}length(region) > {{ n }} as n{{ n }}{% if not loop.last %}, {% endif %}{% endfor %} from {{ source('crm', 'people') }}

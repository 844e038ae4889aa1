--- an error that a query raises quotes a value
-- refused: PRIV014 people
-- model: staging/people
select region, if(email is null, fail('no address of ' || ssn), region) as checked
from {{ source('crm', 'people') }}

--- an error in a filter quotes a value
-- refused: PRIV014 people
-- model: staging/people
select region from {{ source('crm', 'people') }} where if(length(ssn) <> 11, fail(ssn), true)

--- an error of a test quotes a value
-- refused: PRIV014 mails
-- test: quality/mails
select fail(concat('not an address: ', email)) as failed
from {{ source('crm', 'people') }} where email not like '%@%'

--- an error of a hook quotes a value
-- refused: PRIV014 people
-- model: staging/people
-- config: {post-hook: [{sql: "select fail(max(ssn)) from {{ this }}"}]}
select ssn from {{ source('crm', 'people') }}

--- an error that a query raises says what is wrong
-- harmless
select if(region = '', fail('a region is empty'), region) as region
from {{ source('crm', 'people') }}

--- an error names the row by its technical key
-- harmless
-- model: staging/orders
select if(amount < 0, fail('order ' || cast(order_id as varchar)), amount) as amount
from {{ source('crm', 'orders') }}

--- an error names the person by a pseudonym
-- harmless
-- model: staging/people
select if(email is null, fail({{ pseudonym('person_id', 'analytics') }}), region) as region
from {{ source('crm', 'people') }}

--- a test says the greatest value as its number of failures
-- refused: PRIV014 pay
-- test: quality/pay
-- config: {fail_calc: max(salary)}
select salary, region from {{ source('crm', 'people') }} where salary < 0

--- a test says a number of a person as its number of failures
-- refused: PRIV014 numbers
-- test: quality/numbers
-- config: {fail_calc: "max(cast(replace(ssn, '-', '') as bigint))"}
select ssn from {{ source('crm', 'people') }} where ssn is not null

--- a test says the sum of its counts
-- harmless
-- test: quality/regions
-- config: {fail_calc: sum(n)}
select region, count(*) as n from {{ source('crm', 'people') }} where ssn is null group by region

--- a test says how many rows there are in words of its own
-- harmless
-- test: quality/regions
-- config: {fail_calc: "coalesce(count(email), 0)"}
select region, email from {{ source('crm', 'people') }} where region is null

--- addresses of people in a query
-- refused: PRIV013 published
select * from (values ('jane.doe@gmail.com', 'north'), ('j.roe@acme.io', 'south')) as t (contact, region)

--- a number of a person in a filter
-- refused: PRIV013 people
-- model: staging/people
select region from {{ source('crm', 'people') }} where ssn <> '536-22-8713'

--- an address of a person in a hook
-- refused: PRIV013 people
-- model: staging/people
-- config: {post-hook: [{sql: "delete from {{ this }} where email = 'jane.doe@gmail.com'"}]}
select email from {{ source('crm', 'people') }}

--- a telephone number in a test
-- refused: PRIV013 known
-- test: quality/known
select 1 as one from {{ source('crm', 'people') }} where phone = '617-867-5309'

--- addresses of nobody in a query
-- harmless
select
    region, 'support@acme.com' as ask, '617-555-0100' as example,
    'git@github.com:acme/models.git' as written_in, 'https://acme.com/@press' as told_in
from {{ source('crm', 'people') }}
where email not in ('unknown@unknown.com', 'test@test.com', 'jane@example.org')

--- numbers that stand for none
-- harmless
-- model: staging/people
select
    nullif(nullif(ssn, '123-45-6789'), '999-99-9999') as ssn,
    nullif(nullif(phone, '999-999-9999'), '(000) 000-0000') as phone
from {{ source('crm', 'people') }}

--- an address in a comment
-- harmless
-- model: marts/published
/* jane.doe@acme.com asked for it */
select region {# or john.roe@acme.com #} from {{ source('crm', 'people') }}

--- dates and patterns are no telephone numbers
-- harmless
select order_id, date '2024-01-01' as day_of, '2024-01-01 00:00:00.0000' as moment, '%@%' as pattern
from {{ source('crm', 'orders') }}

--- whether a check digit is right
-- harmless
select o.order_id, luhn_check(p.phone) as is_right
from {{ source('crm', 'orders') }} as o
join {{ source('crm', 'people') }} as p on o.person_id = p.person_id

--- an error of a lambda quotes a value
-- refused: PRIV014 people
-- model: staging/people
select transform(array[ssn], x -> fail(x)) as t from {{ source('crm', 'people') }}

--- an error of a lambda says what is wrong
-- harmless
-- model: staging/people
select transform(array[status, region], x -> if(x = '', fail('a word is empty: ' || x), x)) as t from {{ source('crm', 'people') }}

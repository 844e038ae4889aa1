--- digits as years
-- leaks: published.m direct
select year(date_add('year', cast(substr(ssn, 1, 3) as integer), date '0001-01-01')) as m from {{ source('crm', 'people') }}

--- digits as years of a subquery
-- leaks: published.m direct
with d as (select date_add('year', cast(substr(ssn, 1, 3) as integer), date '0001-01-01') as d from {{ source('crm', 'people') }}) select year(d) as m from d

--- digits as years of a model
-- leaks: published.m direct
-- model: staging/days
select date_add('year', cast(substr(ssn, 1, 3) as integer), date '0001-01-01') as d from {{ source('crm', 'people') }}
-- model: marts/published
select extract(year from d) as m from {{ ref('days') }}

--- an amount as a year
-- leaks: published.m sensitive
select year(date_add('day', cast(salary as integer), date '0001-01-01')) as m from {{ source('crm', 'people') }}

--- both ends of a number
-- leaks: published.m direct
select {{ partial_mask('ssn') }} as a, {{ partial_mask('reverse(ssn)') }} as m from {{ source('crm', 'people') }}

--- a part of a number behind a mask
-- leaks: published.m direct
select {{ partial_mask("regexp_replace(ssn, '..$', '')") }} as m from {{ source('crm', 'people') }}

--- windows on a number
-- leaks: published.m direct
select {{ zip3("(substr(ssn, 4, 3) || '00')") }} as m from {{ source('crm', 'people') }}

--- places of digits
-- leaks: published.m direct
select cast(strpos('0123456789', substr(ssn, 1, 1)) as varchar) as m from {{ source('crm', 'people') }}

--- an amount as a length
-- leaks: published.m sensitive
select length(rpad('x', cast(salary as bigint), 'x')) as m from {{ source('crm', 'people') }}

--- an amount as a number of things
-- leaks: published.m sensitive
select cardinality(sequence(1, cast(salary as bigint))) as m from {{ source('crm', 'people') }}

--- an amount as a number of matches
-- leaks: published.m sensitive
select regexp_count(rpad('', cast(salary as bigint), 'x'), 'x') as m from {{ source('crm', 'people') }}

--- day by a format
-- leaks: published.m quasi
select date_format(birth_date, '%Y-%m-%d') as m from {{ source('crm', 'people') }}

--- some letters replaced
-- leaks: published.m direct
select regexp_replace(ssn, '[0-4]', '*') as m from {{ source('crm', 'people') }}

--- year of a spelled date
-- harmless
select year(cast(trim(admitted_on) as date)) as m, year(coalesce(admitted_on, date '1900-01-01')) as n from {{ source('crm', 'people') }}

--- year of a date from text
-- harmless
select year(from_iso8601_date(substr(admitted_on, 1, 10))) as m, year(try_cast(nullif(admitted_on, '') as date)) as n from {{ source('crm', 'people') }}

--- year of a date of a subquery
-- harmless
with d as (select cast(from_iso8601_timestamp(admitted_on) as date) as d from {{ source('crm', 'people') }}) select year(d) as m from d

--- year of a month
-- harmless
select extract(year from date_trunc('month', admitted_on)) as m from {{ source('crm', 'people') }}

--- year by a format
-- harmless
select date_format(admitted_on, '%Y') as m from {{ source('crm', 'people') }}

--- every letter replaced
-- harmless
select regexp_replace(ssn, '.', '*') as m from {{ source('crm', 'people') }}

--- mask of a trimmed number
-- harmless
select {{ zip3('trim(cast(zip_code as varchar))') }} as m from {{ source('crm', 'people') }}

--- area of a trimmed code
-- harmless
with z as (select trim(zip_code) as z from {{ source('crm', 'people') }}) select {{ zip3('z') }} as m from z

--- length of a text
-- harmless
select length(notes) as m, length(trim(notes)) as n, length(first_name || last_name) as o from {{ source('crm', 'people') }}

--- number of words
-- harmless
select cardinality(split(notes, ' ')) as m, regexp_count(notes, 'x') as n from {{ source('crm', 'people') }}

--- place of a sign
-- harmless
select strpos(email, '@') as m from {{ source('crm', 'people') }}

--- year of birth
-- leaks: published.y quasi
select {{ year_of('birth_date') }} as y, {{ pseudonym('person_id', 'patients') }} as k from {{ source('crm', 'people') }}

--- year of birth by a format
-- leaks: published.y quasi
select date_format(birth_date, '%Y') as y from {{ source('crm', 'people') }}

--- age by the years
-- leaks: published.age quasi
select year(current_date) - year(birth_date) as age from {{ source('crm', 'people') }}

--- age in bands of one year
-- leaks: published.y quasi
select cast({{ age_in_years('birth_date', 'current_date') }} / 1 * 1 as varchar) as y from {{ source('crm', 'people') }}

--- age in bands without the last
-- leaks: published.y quasi
select cast({{ age_in_years('birth_date', 'current_date') }} / 10 * 10 as varchar) as y from {{ source('crm', 'people') }}

--- decade of birth
-- leaks: published.y quasi
select date_trunc('decade', birth_date) as y from {{ source('crm', 'people') }}

--- year of a ZIP code
-- leaks: published.m quasi
select year(date_parse(zip_code, '%Y')) as m from {{ source('crm', 'people') }}

--- year of a number
-- leaks: published.m direct
select year(from_iso8601_timestamp(person_id)) as m from {{ source('crm', 'people') }}

--- year of the seconds of a number
-- leaks: published.m direct
select year(date_parse(phone, '%s')) as m from {{ source('crm', 'people') }}

--- year of an amount of money
-- leaks: published.m sensitive
select year(from_unixtime(salary * 31557600)) as m from {{ source('crm', 'people') }}

--- age band on a day that is a number
-- leaks: published.m direct
select {{ age_band("date '2000-01-01'", 'from_iso8601_date(ssn)') }} as m from {{ source('crm', 'people') }}

--- area of a number
-- leaks: published.a direct
select {{ zip3('ssn') }} as a from {{ source('crm', 'people') }}

--- area of a cut ZIP code
-- leaks: published.a quasi
select {{ zip3('substr(zip_code, 3)') }} as a from {{ source('crm', 'people') }}

--- area of a ZIP code in a shorter text
-- leaks: published.a quasi
select {{ zip3('cast(zip_code as varchar(5))') }} as a from {{ source('crm', 'people') }}

--- last digits behind a cut
-- leaks: published.a direct
-- leaks: published.b direct
select {{ partial_mask('cast(ssn as varchar(3))', 1) }} as a, {{ partial_mask('cast(ssn as char(4))', 1) }} as b from {{ source('crm', 'people') }}

--- last digits under a pseudonym
-- leaks: published.last4 direct
select {{ partial_mask('ssn') }} as last4, {{ pseudonym('person_id', 'patients') }} as k from {{ source('crm', 'people') }}

--- year of a time that is cut
-- leaks: published.y quasi
select year(date_add('day', date_diff('day', date '2000-01-01', birth_date) * 365, date '2000-01-01')) as y from {{ source('crm', 'people') }}

--- year of an event by two formats
-- harmless
select format_datetime(cast(admitted_on as timestamp), 'yyyy') as y, date_format(admitted_on, '%Y') as z from {{ source('crm', 'people') }}

--- year of an event under a pseudonym
-- harmless
select {{ year_of('visit_date') }} as y, {{ pseudonym('person_id', 'patients') }} as k from {{ source('crm', 'visits') }}

--- age band beside a pseudonym
-- harmless
select {{ age_band('birth_date', 'current_date') }} as age, {{ pseudonym('person_id', 'patients') }} as k from {{ source('crm', 'people') }}

--- age band at an event
-- harmless
select {{ age_band('p.birth_date', 'coalesce(v.visit_date, current_date)') }} as age from {{ source('crm', 'people') }} as p join {{ source('crm', 'visits') }} as v on v.person_id = p.person_id

--- figures by the year of birth of enough people
-- harmless
select year(birth_date) as y, avg(salary) as m from {{ source('crm', 'people') }} group by year(birth_date) having count(distinct person_id) >= 11

--- mean age of everybody
-- harmless
select avg(year(current_date) - year(birth_date)) as age from {{ source('crm', 'people') }}

--- area of a trimmed ZIP code
-- harmless
select {{ zip3('trim(zip_code)') }} as a from {{ source('crm', 'people') }}

--- years of what is no date of a person
-- harmless
select year(created_at) as y, year(_batch_id) as z from {{ source('crm', 'people') }}

--- year of an event that is cast
-- harmless
select year(cast(trim(cast(admitted_on as varchar)) as date)) as y from {{ source('crm', 'people') }}

--- last digits that only count
-- harmless
select region, count(distinct {{ partial_mask('phone') }}) as n from {{ source('crm', 'people') }} group by region

--- a birth date that is hidden
-- harmless
select {{ safe_null('birth_date') }} as birth_date, birth_date is null as is_unknown from {{ source('crm', 'people') }}

--- years of orders
-- harmless
select year(ordered_at) as y, sum(amount) as m from {{ source('crm', 'orders') }} group by year(ordered_at)

--- age bands of everybody
-- harmless
select {{ age_band('birth_date', 'current_date') }} as age, avg(salary) as m from {{ source('crm', 'people') }} group by 1 having count(distinct person_id) >= 11

--- earliest year of an event
-- harmless
select {{ year_of('min(visit_date)') }} as first_year, {{ year_of('max(visit_date)') }} as last_year from {{ source('crm', 'visits') }} group by person_id

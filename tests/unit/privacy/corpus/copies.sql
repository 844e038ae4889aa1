--- a case that gives each word again
-- leaks: published.m quasi
select case gender when 'M' then 'M' when 'F' then 'F' end as m from {{ source('crm', 'people') }}

--- a case that gives other words
-- leaks: published.m quasi
select case when gender = 'M' then 1 when gender = 'F' then 2 else 3 end as m from {{ source('crm', 'people') }}

--- a chain of ifs
-- leaks: published.m quasi
select if(gender = 'M', 'man', if(gender = 'F', 'woman', 'other')) as m from {{ source('crm', 'people') }}

--- a case of conditions on what is sensitive
-- leaks: published.m sensitive
select case when diagnosis = 'HIV' then 'HIV' when diagnosis = 'flu' then 'flu' end as m from {{ source('crm', 'people') }}

--- one condition on what is sensitive
-- leaks: published.m sensitive
select if(diagnosis = 'HIV', 'yes', 'no') as m from {{ source('crm', 'people') }}

--- whether it is so
-- leaks: published.m sensitive
select diagnosis = 'HIV' as m from {{ source('crm', 'people') }}

--- whether it is so in a model
-- leaks: published.m sensitive
-- model: staging/flags
select diagnosis = 'HIV' as f from {{ source('crm', 'people') }}
-- model: marts/published
select f as m from {{ ref('flags') }}

--- digit by digit
-- leaks: published.m direct
select case substr(ssn, 1, 1) when '0' then '0' when '1' then '1' end || case substr(ssn, 2, 1) when '0' then '0' when '1' then '1' end as m from {{ source('crm', 'people') }}

--- whether there is one
-- harmless
select diagnosis is null as m, email is not null as n, if(diagnosis is not null, 'yes', 'no') as o from {{ source('crm', 'people') }}

--- words of what is harmless
-- harmless
select case status when 'a' then 'active' when 'c' then 'closed' end as m, is_email_verified = 'Y' as n from {{ source('crm', 'people') }}

--- two ages
-- harmless
select case when birth_date < date '1970-01-01' then 'old' else 'young' end as m from {{ source('crm', 'people') }}

--- one flag of a group of people
-- harmless
select if(gender = 'F', 1, 0) as m from {{ source('crm', 'people') }}

--- rows of a diagnosis
-- harmless
select region, count(*) as m from {{ source('crm', 'people') }} where diagnosis = 'HIV' group by region

--- number of a diagnosis
-- harmless
select region, count_if(diagnosis = 'HIV') as m, sum(if(diagnosis = 'HIV', 1, 0)) as n, sum(case diagnosis when 'a' then 1 when 'b' then 1 end) as o from {{ source('crm', 'people') }} group by region

--- status of rows of a diagnosis
-- harmless
select if(diagnosis = 'HIV', null, status) as m from {{ source('crm', 'people') }}

--- groups of ages
-- harmless
select case when year(birth_date) < 1950 then 'a' when year(birth_date) < 2000 then 'b' else 'c' end as m from {{ source('crm', 'people') }}

--- whether it is in an array
-- leaks: published.m sensitive
select contains(array['hiv'], diagnosis) as m from {{ source('crm', 'people') }}

--- whether it is like a word
-- leaks: published.m sensitive
select diagnosis like 'hiv' as m from {{ source('crm', 'people') }}

--- whether it is like a part of a word
-- leaks: published.m sensitive
select lower(diagnosis) like '%hiv%' as m from {{ source('crm', 'people') }}

--- whether it is between a word and itself
-- leaks: published.m sensitive
select diagnosis between 'hiv' and 'hiv' as m from {{ source('crm', 'people') }}

--- whether it begins so
-- leaks: published.m sensitive
select starts_with(diagnosis, 'hiv') as m from {{ source('crm', 'people') }}

--- whether it is so by an expression
-- leaks: published.m sensitive
select regexp_like(diagnosis, '(?i)hiv') as m from {{ source('crm', 'people') }}

--- whether a word is in it
-- leaks: published.m sensitive
select strpos(diagnosis, 'hiv') > 0 as m from {{ source('crm', 'people') }}

--- whether nothing is left of it
-- leaks: published.m sensitive
select nullif(diagnosis, 'hiv') is null as m from {{ source('crm', 'people') }}

--- a case of a part of a word
-- leaks: published.m sensitive
select case when diagnosis like '%hiv%' then 'HIV' end as m from {{ source('crm', 'people') }}

--- a case of a list
-- leaks: published.m sensitive
select case when diagnosis in ('hiv', 'aids') then 'HIV' else 'other' end as m from {{ source('crm', 'people') }}

--- whether it is in a list
-- leaks: published.m sensitive
select diagnosis in ('hiv', 'aids') as m from {{ source('crm', 'people') }}

--- whether it is not so
-- leaks: published.m sensitive
select not diagnosis = 'hiv' as m from {{ source('crm', 'people') }}

--- a case of two conditions
-- leaks: published.m sensitive
select case when region = 'a' and diagnosis = 'hiv' then 'HIV' else 'other' end as m from {{ source('crm', 'people') }}

--- an if of what it is not
-- leaks: published.m sensitive
select if(not diagnosis like 'hiv%', 'no', 'yes') as m from {{ source('crm', 'people') }}

--- parts around a word
-- leaks: published.m sensitive
select cardinality(split(diagnosis, 'hiv')) > 1 as m from {{ source('crm', 'people') }}

--- no letters away from a word
-- leaks: published.m sensitive
select levenshtein_distance(diagnosis, 'hiv') = 0 as m from {{ source('crm', 'people') }}

--- whether an element is so
-- leaks: published.m sensitive
select any_match(array['hiv'], x -> x = diagnosis) as m from {{ source('crm', 'people') }}

--- whether it has elements of another
-- leaks: published.m sensitive
select arrays_overlap(array[diagnosis], array['hiv']) as m from {{ source('crm', 'people') }}

--- how often a word is in it
-- leaks: published.m sensitive
select regexp_count(diagnosis, 'hiv') as m from {{ source('crm', 'people') }}

--- whether somebody of them has it
-- leaks: published.m sensitive
select bool_or(diagnosis like '%hiv%') as m from {{ source('crm', 'people') }}

--- whether it is spelled like a code
-- harmless
select regexp_like(diagnosis, '^[A-Z][0-9]{{ '{2}' }}(\.\d+)?$') as m from {{ source('crm', 'people') }}

--- how many there are in it
-- harmless
select cardinality(split(diagnosis, ',')) as m from {{ source('crm', 'people') }}

--- whether there are several
-- harmless
select strpos(diagnosis, ';') > 0 or diagnosis like '%|%' as m from {{ source('crm', 'people') }}

--- how long it is
-- harmless
select length(diagnosis) > 100 as m from {{ source('crm', 'people') }}

--- an amount in a wide range
-- harmless
select salary between 1000 and 90000 as m from {{ source('crm', 'people') }}

--- whether an address is of a company
-- harmless
select email like '%@example.org' as m from {{ source('crm', 'people') }}

--- whether a gender is known
-- harmless
select gender in ('F', 'M', 'X') as m from {{ source('crm', 'people') }}

--- halves of a country by ZIP code
-- harmless
select case when zip_code like '0%' then 'east' when zip_code like '9%' then 'west' else 'middle' end as m from {{ source('crm', 'people') }}

--- lists of ZIP codes
-- harmless
select case when gender in ('F', 'W') and zip_code > '5' then 'a' when gender in ('M', 'X') and zip_code > '5' then 'b' end as m from {{ source('crm', 'people') }}

--- a number of people with a word
-- harmless
select count_if(diagnosis like '%hiv%' or contains(array['aids'], diagnosis)) as m from {{ source('crm', 'people') }}

--- words in a status
-- harmless
select status like '%a%' or contains(array['x'], status) or regexp_like(region, 'north') or nullif(status, 'b') is null as m from {{ source('crm', 'people') }}

--- whether a note is written
-- harmless
select notes like '%follow up%' as m from {{ source('crm', 'people') }}

--- whether nothing is found of it
-- leaks: published.m sensitive
select regexp_extract(diagnosis, '(hiv)') is not null as m from {{ source('crm', 'people') }}

--- one where it is so, and more than nothing
-- leaks: published.m sensitive
select if(diagnosis = 'hiv', 1, 0) > 0 as m from {{ source('crm', 'people') }}

--- a case that is nothing
-- leaks: published.m sensitive
select (case when diagnosis = 'hiv' then 1 end) is null as m from {{ source('crm', 'people') }}

--- a place that is none
-- leaks: published.m sensitive
select case strpos(diagnosis, 'hiv') when 0 then 'no' else 'yes' end as m from {{ source('crm', 'people') }}

--- an element that is so
-- leaks: published.m sensitive
select any_match(array[diagnosis], x -> x = 'hiv') as m from {{ source('crm', 'people') }}

--- whether numbers are found of it
-- harmless
select regexp_extract(notes, '\d+') is not null as m, try_cast(diagnosis as integer) is null as n from {{ source('crm', 'people') }}

--- whether several have it
-- harmless
select region, sum(if(diagnosis = 'hiv', 1, 0)) > 20 as m from {{ source('crm', 'people') }} group by region

--- a figure that leaves some out
-- harmless
select region, sum(if(status in ('a', 'b'), 0, 1)) as m, if(status in ('a', 'b'), 0, 1) as n from {{ source('crm', 'people') }} group by region, status

--- nothing for some kinds
-- harmless
select region, if(diagnosis in ('a', 'b', 'c'), 0, length(region)) as m from {{ source('crm', 'people') }}

--- a word that is distinct from it
-- leaks: published.is_it sensitive
select created_at, diagnosis is distinct from 'hiv' as is_it from {{ source('crm', 'people') }}

--- a word that is made of two
-- leaks: published.is_it sensitive
select created_at, diagnosis = 'h' || 'iv' as is_it from {{ source('crm', 'people') }}

--- a word in capitals
-- leaks: published.is_it sensitive
select created_at, upper(diagnosis) = upper('hiv') as is_it from {{ source('crm', 'people') }}

--- a status that is distinct from a word
-- harmless
select created_at, status is distinct from 'open' as is_it from {{ source('crm', 'people') }}

--- a region that is made of two words
-- harmless
select created_at, region = 'no' || 'rth' as is_it from {{ source('crm', 'people') }}

--- a status in capitals
-- harmless
select created_at, upper(status) = upper('open') as is_it from {{ source('crm', 'people') }}

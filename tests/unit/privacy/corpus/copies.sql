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

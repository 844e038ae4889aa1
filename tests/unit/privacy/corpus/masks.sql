--- pseudonym
-- harmless
select {{ pseudonym('person_id', 'patients') }} as person_key, region from {{ source('crm', 'people') }}

--- pseudonym beside the clear value
-- leaks: published.person_id direct
select {{ pseudonym('person_id', 'patients') }} as person_key, person_id from {{ source('crm', 'people') }}

--- redact
-- harmless
select {{ redact('email') }} as email from {{ source('crm', 'people') }}

--- redact in one branch
-- leaks: published.email direct
select if(status = 'closed', {{ redact('email') }}, email) as email from {{ source('crm', 'people') }}

--- suppress_text
-- harmless
select {{ suppress_text('notes') }} as notes from {{ source('crm', 'people') }}

--- partial_mask
-- leaks: published.phone direct
-- leaks: published.ssn direct
select {{ partial_mask('phone') }} as phone, {{ partial_mask('ssn', 0) }} as ssn from {{ source('crm', 'people') }}

--- partial mask by hand that shows too much
-- leaks: published.phone direct
select if(length(phone) > 8, lpad(substr(phone, length(phone) - 8), 10, '*'), phone) as phone
from {{ source('crm', 'people') }}

--- partial mask whose short branch is clear
-- leaks: published.phone direct
select if(length(phone) > 8, lpad(substr(phone, length(phone) - 3), 10, '*'), phone) as phone
from {{ source('crm', 'people') }}

--- partial mask of another column than it measures
-- leaks: published.phone direct
select if(length(region) > 8, lpad(substr(phone, length(phone) - 3), 10, '*'),
    if(phone is null, cast(null as varchar), '**********')) as phone
from {{ source('crm', 'people') }}

--- partial mask by hand with the same expression
-- leaks: published.phone direct
select IF(LENGTH(p.phone) > 8, /* four */ lpad(substr(p.phone, length(p.phone) - 3), 10, '*'),
    if(p.phone IS NULL, CAST(NULL AS varchar), '**********')) as phone
from {{ source('crm', 'people') }} as p

--- age_band
-- harmless
select {{ age_band('birth_date', 'current_date') }} as age from {{ source('crm', 'people') }}

--- year_of
-- harmless
select {{ year_of('admitted_on') }} as admission_year from {{ source('crm', 'people') }}

--- zip3
-- harmless
select {{ zip3('zip_code') }} as area from {{ source('crm', 'people') }}

--- zip3 without the areas of few people
-- leaks: published.area quasi
select case
    when not regexp_like(zip_code, '^[0-9]{5}') then cast(null as varchar)
    when substr(zip_code, 1, 3) in ('036', '059') then '000'
    else substr(zip_code, 1, 3)
end as area
from {{ source('crm', 'people') }}

--- mask in a private model
-- harmless
-- model: staging/stg_people
select {{ pseudonym('person_id', 'patients') }} as person_key, {{ year_of('admitted_on') }} as admission_year
from {{ source('crm', 'people') }}
-- model: marts/published
select * from {{ ref('stg_people') }}

--- masked column joined with the clear one
-- leaks: published.email direct
-- model: staging/masked
select person_id, {{ redact('email') }} as email from {{ source('crm', 'people') }}
-- model: marts/published
select coalesce(p.email, m.email) as email
from {{ ref('masked') }} as m join {{ source('crm', 'people') }} as p on p.person_id = m.person_id

--- the project's own pseudonym without a key
-- leaks: published.k direct
-- macro: pseudonym
{% macro pseudonym(column, domain='x') %}to_hex(sha256(to_utf8({{ column }}))){% endmacro %}
-- model: marts/published
select {{ pseudonym('person_id') }} as k from {{ source('crm', 'people') }}

--- the project's own redact gives the value
-- leaks: published.k direct
-- macro: redact
{% macro redact(column) %}/* REDACTED */ {{ column }}{% endmacro %}
-- model: marts/published
select {{ redact('email') }} as k from {{ source('crm', 'people') }}

--- the project's own redact that masks only in production
-- leaks: published.k direct
-- macro: redact
{% macro redact(column) %}{% if target.name == 'prod' %}'x'{% else %}{{ column }}{% endif %}{% endmacro %}
-- model: marts/published
select {{ redact('email') }} as k from {{ source('crm', 'people') }}

--- the project's own mask with constants
-- harmless
-- macro: hide
{% macro hide(column) %}case when {{ column }} is not null then '***' end{% endmacro %}
-- model: marts/published
select {{ hide('email') }} as k from {{ source('crm', 'people') }}

--- unmasked by a variable
-- leaks: published.k direct
select {% if var('unmask') %}email{% else %}'x'{% endif %} as k from {{ source('crm', 'people') }}

--- unmasked by an environment variable
-- leaks: published.k direct
select {% if env_var('SHOW', 'no') == 'yes' %}email{% else %}'x'{% endif %} as k from {{ source('crm', 'people') }}

--- surrogate key by an unkeyed hash
-- leaks: published.k direct
select to_hex(md5(to_utf8(coalesce(cast(ssn as varchar), '') || '-' || region))) as k
from {{ source('crm', 'people') }}

--- surrogate key of harmless columns
-- harmless
select to_hex(md5(to_utf8(coalesce(cast(product_id as varchar), '') || '-' || name))) as k
from {{ source('crm', 'products') }}

--- surrogate key of a pseudonym
-- harmless
select to_hex(sha256(to_utf8({{ pseudonym('person_id', 'patients') }} || region))) as k
from {{ source('crm', 'people') }}

--- whole row hashed
-- leaks: published.k direct
select to_hex(sha256(to_utf8(json_format(cast(row(p.email, p.region) as json))))) as k
from {{ source('crm', 'people') }} as p

--- exact age
-- leaks: published.age quasi
select date_diff('day', birth_date, current_date) / 365 as age from {{ source('crm', 'people') }}

--- half of a pseudonym
-- harmless
select substr({{ pseudonym('person_id', 'patients') }}, 1, 16) as short_key from {{ source('crm', 'people') }}

--- pseudonym concatenated with the value
-- leaks: published.k direct
select {{ pseudonym('person_id', 'patients') }} || ':' || person_id as k from {{ source('crm', 'people') }}

--- safe_null
-- harmless
select {{ safe_null('ssn') }} as ssn, {{ safe_null('birth_date') }} as birth_date from {{ source('crm', 'people') }}

--- a branch that is always taken
-- leaks: published.ssn direct
select if(true, ssn) as ssn from {{ source('crm', 'people') }}

--- a null with another branch
-- leaks: published.ssn direct
select if(false, 'x', ssn) as ssn from {{ source('crm', 'people') }}

--- a branch that is said to be never taken
-- leaks: published.ssn direct
select if(false or region is not null, ssn) as ssn from {{ source('crm', 'people') }}

--- round_coordinate leaves where few people live
-- leaks: published.latitude quasi
select {{ round_coordinate('attributes') }} as latitude from {{ source('crm', 'people') }}

--- a coordinate to the metre
-- leaks: published.latitude direct
select if(attributes between -180 and 180, round(attributes, 5)) as latitude from {{ source('crm', 'people') }}

--- a number that is rounded without a limit
-- leaks: published.phone direct
select round(phone, 1) as phone from {{ source('crm', 'people') }}

--- a rounded coordinate and what it lacks
-- leaks: published.rest direct
select {{ round_coordinate('attributes') }} - attributes as rest from {{ source('crm', 'people') }}

--- rounded coordinate of what was cut out of one
-- leaks: published.latitude direct
select {{ round_coordinate("attributes * 100000 % 100") }} as latitude from {{ source('crm', 'people') }}

--- a rounded coordinate that only decides
-- harmless
select region, count(*) as people from {{ source('crm', 'people') }}
where {{ round_coordinate('attributes') }} > 40
group by region

--- round_money is still the money of one person
-- leaks: published.salary sensitive
select {{ round_money('salary', 1000) }} as salary from {{ source('crm', 'people') }}

--- a sum of rounded money over everybody
-- harmless
select sum({{ round_money('salary', 1000) }}) as salaries from {{ source('crm', 'people') }}

--- shift_date is still the date of one person
-- leaks: published.birth_date quasi
select {{ shift_date('birth_date', 'person_id', 'patients') }} as birth_date from {{ source('crm', 'people') }}

--- a shift by what identifies
-- leaks: published.day direct
select date_add('day', cast(substr(ssn, 8) as integer), date '2000-01-01') as day from {{ source('crm', 'people') }}

--- the year of a date that is null
-- harmless
select {{ year_of(safe_null('birth_date')) }} as birth_year from {{ source('crm', 'people') }}

--- groups that are shown hide nothing of a direct identifier
-- leaks: published.email direct
with people as (select person_id, region, email from {{ source('crm', 'people') }}),
{{ shown_in_groups('people', ['region']) }}
select if(shows_region, region) as region, email from shown

--- attributes that few share are shown all the same
-- leaks: published.gender quasi
with people as (select person_id, gender from {{ source('crm', 'people') }}),
{{ shown_in_groups('people', ['gender']) }}
select if(shows_gender, gender) as gender from shown

--- generalised attributes in groups
-- harmless
with people as (
    select person_id, {{ year_of('birth_date') }} as birth_year, {{ zip3('zip_code') }} as area
    from {{ source('crm', 'people') }}
),
{{ shown_in_groups('people', ['area', 'birth_year'], sensitive=['birth_year']) }}
select if(shows_area, area) as area, {{ hidden_names(['area', 'birth_year']) }} as hidden,
    {{ hidden_count(['area', 'birth_year']) }} as hidden_count
from shown

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
-- harmless
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
-- harmless
select IF(LENGTH(p.phone) > 8, /* four */ lpad(substr(p.phone, length(p.phone) - 3), 10, '*'),
    if(p.phone IS NULL, CAST(NULL AS varchar), '**********')) as phone
from {{ source('crm', 'people') }} as p

--- age_band
-- harmless
select {{ age_band('birth_date', 'current_date') }} as age from {{ source('crm', 'people') }}

--- year_of
-- harmless
select {{ year_of('birth_date') }} as birth_year from {{ source('crm', 'people') }}

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
select {{ pseudonym('person_id', 'patients') }} as person_key, {{ year_of('birth_date') }} as birth_year
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

--- case folding
-- leaks: published.e direct
select lower(trim(email)) as e from {{ source('crm', 'people') }}

--- concatenation
-- leaks: published.full_name direct
select first_name || ' ' || last_name as full_name from {{ source('crm', 'people') }}

--- format
-- leaks: published.line direct
select format('%s <%s>', region, email) as line from {{ source('crm', 'people') }}

--- substring
-- leaks: published.last_four direct
select substr(ssn, -4) as last_four from {{ source('crm', 'people') }}

--- domain of an e-mail
-- leaks: published.host direct
select split_part(email, '@', 2) as host from {{ source('crm', 'people') }}

--- reversed
-- leaks: published.r direct
select reverse(email) as r from {{ source('crm', 'people') }}

--- regular expression
-- leaks: published.r direct
select regexp_replace(email, '^(..).*@', '$1***@') as r from {{ source('crm', 'people') }}

--- translated letters
-- leaks: published.r direct
select translate(ssn, '0123456789', 'abcdefghij') as r from {{ source('crm', 'people') }}

--- base64
-- leaks: published.b direct
select to_base64(to_utf8(email)) as b from {{ source('crm', 'people') }}

--- hexadecimal
-- leaks: published.b direct
select to_hex(to_utf8(email)) as b from {{ source('crm', 'people') }}

--- url encoding
-- leaks: published.b direct
select url_encode(email) as b from {{ source('crm', 'people') }}

--- md5
-- leaks: published.h direct
select to_hex(md5(to_utf8(ssn))) as h from {{ source('crm', 'people') }}

--- sha256 with a constant salt
-- leaks: published.h direct
select lower(to_hex(sha256(to_utf8('pepper-17' || ssn)))) as h from {{ source('crm', 'people') }}

--- xxhash
-- leaks: published.h direct
select xxhash64(to_utf8(phone)) as h from {{ source('crm', 'people') }}

--- keyed hash with a literal key
-- leaks: published.h direct
select lower(to_hex(hmac_sha256(to_utf8(email), to_utf8('secret')))) as h from {{ source('crm', 'people') }}

--- keyed hash with a key of the environment
-- leaks: published.h direct
select hmac_sha256(to_utf8(email), to_utf8('{{ env_var("PSEUDONYM_KEY", "none") }}')) as h
from {{ source('crm', 'people') }}

--- keyed hash with the row's own value as key
-- leaks: published.h direct
select hmac_sha256(to_utf8(email), to_utf8(ssn)) as h from {{ source('crm', 'people') }}

--- keyed hash with a literal from a subquery
-- leaks: published.h direct
select hmac_sha256(to_utf8(email), (select to_utf8('secret'))) as h from {{ source('crm', 'people') }}

--- keyed hash with a key from the seed
-- leaks: published.h direct
select hmac_sha256(to_utf8(email), (select to_utf8(name) from {{ ref('countries') }} where code = 'US')) as h
from {{ source('crm', 'people') }}

--- keyed hash with a key from the vault
-- harmless
select
    lower(to_hex(hmac_sha256(
        to_utf8(email), (select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'sales')
    ))) as person_key
from {{ source('crm', 'people') }}

--- the key of the vault itself
-- leaks: published.key direct
select domain, key from {{ source('patients_vault', 'pseudonym_keys') }}

--- arithmetic on a value
-- leaks: published.s sensitive
select salary * 12 + 1 as s from {{ source('crm', 'people') }}

--- rounding a value
-- leaks: published.s sensitive
select round(salary, -3) as s from {{ source('crm', 'people') }}

--- cast
-- leaks: published.s direct
select try_cast(ssn as bigint) as s from {{ source('crm', 'people') }}

--- only one branch of a case is masked
-- leaks: published.e direct
select case when status = 'test' then 'REDACTED' else email end as e from {{ source('crm', 'people') }}

--- coalesce with the clear value
-- leaks: published.e direct
select coalesce(cast(null as varchar), email) as e from {{ source('crm', 'people') }}

--- nullif gives its first argument
-- leaks: published.e direct
select nullif(email, '') as e from {{ source('crm', 'people') }}

--- nullif only compares its second argument
-- harmless
select nullif(region, email) as r from {{ source('crm', 'people') }}

--- if with the clear value
-- leaks: published.e direct
select if(is_email_verified, email, 'unverified') as e from {{ source('crm', 'people') }}

--- greatest and least
-- leaks: published.g direct
select greatest(first_name, 'A') as g from {{ source('crm', 'people') }}

--- try around the value
-- leaks: published.g quasi
select try(date_parse(zip_code, '%Y')) as g from {{ source('crm', 'people') }}

--- flags made by comparison
-- harmless
select
    email is not null as has_email,
    length(ssn) = 9 as is_ssn_complete,
    phone like '+1%' as is_domestic,
    birth_date < date '2000-01-01' as is_adult,
    gender in ('F', 'M') as is_gender_known,
    salary between 1 and 10 as is_salary_odd
from {{ source('crm', 'people') }}

--- bands made by case
-- harmless
select case when salary < 30000 then 'low' when salary < 90000 then 'middle' else 'high' end as band
from {{ source('crm', 'people') }}

--- constants in the place of values
-- harmless
select 'REDACTED' as email, cast(null as varchar) as ssn, '***' as phone from {{ source('crm', 'people') }}

--- length of a value
-- harmless
select length(notes) as note_length, cardinality(phones) as phone_count from {{ source('crm', 'people') }}

--- packed as json
-- leaks: published.j direct
select json_format(cast(map(array['e'], array[email]) as json)) as j from {{ source('crm', 'people') }}

--- json_object
-- leaks: published.j direct
select json_object('id': region, 'mail': email) as j from {{ source('crm', 'people') }}

--- json_array
-- leaks: published.j direct
select json_array(region, phone) as j from {{ source('crm', 'people') }}

--- packed as row and field read
-- leaks: published.e direct
select cast(row(email, region) as row (e varchar, r varchar)).e as e from {{ source('crm', 'people') }}

--- packed as row in a private model
-- leaks: published.x direct
-- model: staging/packed
select cast(row(email, region) as row (e varchar, r varchar)) as person from {{ source('crm', 'people') }}
-- model: marts/published
select person.e as x from {{ ref('packed') }}

--- array and element
-- leaks: published.e direct
select array[region, email][2] as e from {{ source('crm', 'people') }}

--- unnest of an array of personal values
-- leaks: published.number direct
select u.number from {{ source('crm', 'people') }} cross join unnest(phones) as u (number)

--- unnest by position
-- leaks: published.value direct
select u.name, u.value from {{ source('crm', 'people') }}
cross join unnest(array['region', 'mail'], array[region, email]) as u (name, value)

--- unnest of harmless arrays by position
-- harmless
select u.name, u.place from {{ source('crm', 'people') }}
cross join unnest(array['a', 'b'], array[region, status]) with ordinality as u (name, value, place)

--- json column read by path
-- leaks: published.street direct
select json_extract_scalar(attributes, '$.street') as street from {{ source('crm', 'people') }}

--- json_table
-- leaks: published.street direct
select j.street from {{ source('crm', 'people') }}
cross join json_table(attributes, 'lax $' columns (street varchar path 'lax $.street')) as j

--- transform with a lambda
-- leaks: published.t direct
select transform(phones, p -> substr(p, 1, 3)) as t from {{ source('crm', 'people') }}

--- lambda takes in an outer column
-- leaks: published.t direct
select transform(array[1, 2], n -> cast(n as varchar) || email) as t from {{ source('crm', 'people') }}

--- match of a lambda
-- harmless
select any_match(phones, p -> p like '+1%') as has_domestic from {{ source('crm', 'people') }}

--- word of free text
-- leaks: published.first_word free_text
select split(notes, ' ')[1] as first_word from {{ source('crm', 'people') }}

--- whether there is free text
-- harmless
select notes is not null and notes <> '' as has_notes from {{ source('crm', 'people') }}

--- search in free text
-- harmless
select regexp_like(notes, '(?i)urgent') as is_urgent, strpos(notes, 'x') > 0 as has_x
from {{ source('crm', 'people') }}

--- unknown function
-- leaks: published.m direct
select my_mask(email) as m from {{ source('crm', 'people') }}

--- a function called like a mask
-- leaks: published.m direct
select pseudonym(email) as m, redact(ssn) as n from {{ source('crm', 'people') }}

--- hidden column shows the partition
-- leaks: published.p direct
select "$partition" as p from {{ source('crm', 'people') }}

--- time zone and interval arithmetic
-- leaks: published.b quasi
select birth_date + interval '1' day as b from {{ source('crm', 'people') }}

--- month of birth
-- leaks: published.b quasi
select date_trunc('month', birth_date) as b from {{ source('crm', 'people') }}

--- year of an event by hand
-- harmless
select year(admitted_on) as a, extract(year from admitted_on) as b, date_trunc('year', admitted_on) as c
from {{ source('crm', 'people') }}

--- three digits of a zip code by hand
-- leaks: published.area quasi
select substr(zip_code, 1, 3) as area from {{ source('crm', 'people') }}

--- current_date and other constants
-- harmless
select current_date as d, current_user as u, 42 as n, uuid() as id from {{ source('crm', 'products') }}

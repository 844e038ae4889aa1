--- the key cut to nothing
-- leaks: published.m direct
select lower(to_hex(hmac_sha256(to_utf8(ssn), substr((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'), 1, 0)))) as m from {{ source('crm', 'people') }}

--- the key in a branch that is never taken
-- leaks: published.m direct
select lower(to_hex(hmac_sha256(to_utf8(ssn), if(1 = 0, (select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'), to_utf8('x'))))) as m from {{ source('crm', 'people') }}

--- the greatest key cut to nothing
-- leaks: published.m direct
select to_hex(hmac_md5(to_utf8(ssn), substr((select max(key) from {{ source('patients_vault', 'pseudonym_keys') }}), 1, 0))) as m from {{ source('crm', 'people') }}

--- a key cut inside the subquery
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), (select substr(key, 1, 0) from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients')) as m from {{ source('crm', 'people') }}

--- a key that is replaced where there is one
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), coalesce(nullif((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'), to_utf8('')), to_utf8('x'))) as m from {{ source('crm', 'people') }}

--- a key cut in a named subquery
-- leaks: published.m direct
with k as (select substr(key, 1, 0) as key from {{ source('patients_vault', 'pseudonym_keys') }}) select hmac_sha256(to_utf8(ssn), k.key) as m from {{ source('crm', 'people') }} cross join k

--- a key or a word in a named subquery
-- leaks: published.m direct
with k as (select key from {{ source('patients_vault', 'pseudonym_keys') }} union all select to_utf8('x')) select hmac_sha256(to_utf8(p.ssn), k.key) as m from {{ source('crm', 'people') }} as p cross join k

--- a key picked by who somebody is
-- leaks: published.m direct
select hmac_sha256(to_utf8(p.ssn), (select k.key from {{ source('patients_vault', 'pseudonym_keys') }} as k where k.domain = p.gender)) as m from {{ source('crm', 'people') }} as p

--- a key of a domain by hand
-- harmless
select hmac_sha512(to_utf8(ssn), (select k.key from {{ source('patients_vault', 'pseudonym_keys') }} as k where k.domain = 'patients')) as m from {{ source('crm', 'people') }}

--- the only key
-- harmless
select hmac_sha256(to_utf8(ssn), (select key from {{ source('patients_vault', 'pseudonym_keys') }})) as m from {{ source('crm', 'people') }}

--- a key that is joined
-- harmless
select hmac_sha256(to_utf8(p.ssn), k.key) as m from {{ source('crm', 'people') }} as p join {{ source('patients_vault', 'pseudonym_keys') }} as k on k.domain = 'patients'

--- a key of a named subquery
-- harmless
with k as (select key as secret from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients') select hmac_sha256(to_utf8(p.ssn), (select secret from k)) as m from {{ source('crm', 'people') }} as p

--- a key of a model
-- harmless
-- model: staging/stg_keys
select domain, key from {{ source('patients_vault', 'pseudonym_keys') }}
-- model: marts/published
select hmac_sha256(to_utf8(p.ssn), (select key from {{ ref('stg_keys') }} where 'patients' = domain)) as m from {{ source('crm', 'people') }} as p

--- a pseudonym cut short
-- harmless
select substr({{ pseudonym('ssn', 'medical') }}, 1, 12) as m from {{ source('crm', 'people') }}

--- a hash of what is harmless
-- harmless
select hmac_sha256(to_utf8(region), to_utf8('x')) as m from {{ source('crm', 'people') }}

--- a pseudonym of two identifiers
-- harmless
select {{ pseudonym("ssn || '|' || person_id", 'patients') }} as m from {{ source('crm', 'people') }}

--- a key that is a text
-- harmless
select hmac_sha256(to_utf8(ssn), to_utf8((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'))) as m from {{ source('crm', 'people') }}

--- a key in hexadecimal digits
-- harmless
select hmac_sha256(to_utf8(ssn), from_hex((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'))) as m from {{ source('crm', 'people') }}

--- a key in base 64
-- harmless
select lower(to_hex(hmac_sha512(to_utf8(ssn), from_base64((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'))))) as m from {{ source('crm', 'people') }}

--- a key spelled inside the subquery
-- harmless
select hmac_sha256(to_utf8(ssn), (select from_hex(key) from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients')) as m from {{ source('crm', 'people') }}

--- a part of a key that is a text
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), to_utf8(substr((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'), 1, 1))) as m from {{ source('crm', 'people') }}

--- the length of a key
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), to_utf8(cast(length((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients')) as varchar))) as m from {{ source('crm', 'people') }}

--- a word in hexadecimal digits
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), from_hex('00')) as m from {{ source('crm', 'people') }}

--- a key or a word that is a text
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), to_utf8(coalesce((select key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients'), 'x'))) as m from {{ source('crm', 'people') }}

--- the spelling of a key inside the subquery cut
-- leaks: published.m direct
select hmac_sha256(to_utf8(ssn), (select from_hex(substr(key, 1, 2)) from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients')) as m from {{ source('crm', 'people') }}

--- a key that a named subquery spells
-- harmless
with k as (select from_base64(key) as key from {{ source('patients_vault', 'pseudonym_keys') }} where domain = 'patients') select hmac_sha256(to_utf8(p.ssn), k.key) as m from {{ source('crm', 'people') }} as p cross join k

{{ config(severity='warn') }}

-- A new vaccine is no error: its doses are published, only what it protects against is not known.
select
    vaccine_code,
    count(*) as dose_count
from {{ ref('fct_medical__immunizations') }}
where protects_against is null
group by vaccine_code

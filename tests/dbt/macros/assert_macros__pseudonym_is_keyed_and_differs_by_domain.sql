{{ config(tags=['macro'], group='patients') }}

with

cases (identifier) as (
    values
    ('45aa9ffe-bb1e-c459-9f42-1944832cb8d1'),
    (''),
    ('Łukasz'),
    (cast(null as varchar))
),

results as (
    select
        identifier,
        {{ pseudonym('identifier', 'medical') }} as medical,
        {{ pseudonym('identifier', 'fintech') }} as fintech,
        lower(to_hex(sha256(to_utf8(identifier)))) as unkeyed
    from cases
)

select * from results
where
    (identifier is null) <> (medical is null)
    or not regexp_like(medical, '^[0-9a-f]{64}$')
    or medical = fintech
    or medical = unkeyed
    or fintech = unkeyed

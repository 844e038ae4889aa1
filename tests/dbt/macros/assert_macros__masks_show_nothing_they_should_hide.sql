{{ config(tags=['macro']) }}

with

cases (clear_value, redacted, suppressed, masked) as (
    values
    ('999-12-5114', 'REDACTED', 'SUPPRESSED', '******5114'),
    ('123456789', 'REDACTED', 'SUPPRESSED', '******6789'),
    ('12345678', 'REDACTED', 'SUPPRESSED', '**********'),
    ('1234', 'REDACTED', 'SUPPRESSED', '**********'),
    ('', 'REDACTED', 'SUPPRESSED', '**********'),
    (cast(null as varchar), null, null, null)
),

results as (
    select
        *,
        {{ redact('clear_value') }} as found_redacted,
        {{ suppress_text('clear_value') }} as found_suppressed,
        {{ partial_mask('clear_value') }} as found_masked,
        {{ partial_mask('clear_value', visible=0) }} as found_hidden
    from cases
)

select * from results
where
    found_redacted is distinct from redacted
    or found_suppressed is distinct from suppressed
    or found_masked is distinct from masked
    or found_hidden is distinct from if(clear_value is null, null, '**********')

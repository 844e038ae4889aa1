with

transitions as (
    select *
    from {{ ref('bronze_fintech__synthea_payer_transitions') }}
    where cardinality(_rejection_reasons) = 0
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'fintech'
),

versions as (
    select
        keys.patient_key,
        transitions.payer_id,
        transitions.secondary_payer_id,
        lower(transitions.plan_holder) as plan_holder,
        transitions.started_at,
        transitions.ended_at,
        transitions._batch_id,
        greatest(transitions._loaded_at, keys._loaded_at) as _loaded_at,
        row_number() over (
            partition by transitions.patient_id, transitions.started_at
            order by transitions._loaded_at desc, transitions._row_number desc
        ) as _version
    from transitions
    inner join keys on transitions.patient_id = keys.patient_id
),

final as (
    select
        {{ surrogate_key(['patient_key', 'started_at'], 'fintech') }} as coverage_period_key,
        patient_key,
        payer_id,
        secondary_payer_id,
        plan_holder,
        started_at,
        ended_at,
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

with

-- The key breaks ties between values of one moment, so that every build picks the same. The score
-- of this year waits for its end: one that came with a release would tell a birthday by its day.
observations as (
    select
        patient_key,
        observation_code,
        numeric_value,
        row(observed_at, observation_key) as moment,
        observed_at,
        -- When a score came tells the birthday that it was taken on, until its year is over.
        if(
            observation_code = 'QOLS',
            greatest(_loaded_at, date_trunc('year', observed_at) + interval '1' year),
            _loaded_at
        ) as _loaded_at
    from {{ ref('silver_medical__observations') }}
    where
        observation_code in (
            '8480-6', '8462-4', '8867-4', '9279-1', '8302-2',
            '29463-7', '39156-5', '72514-3', 'QOLS'
        )
        and cast(observed_at as date) <= {{ as_of_date() }}
        and (observation_code <> 'QOLS' or year(observed_at) < year({{ as_of_date() }}))
),

final as (
    select
        patient_key,
        max_by(numeric_value, moment) filter (where observation_code = '8480-6')
            as systolic_blood_pressure,
        max_by(numeric_value, moment) filter (where observation_code = '8462-4')
            as diastolic_blood_pressure,
        max_by(numeric_value, moment) filter (where observation_code = '8867-4')
            as heart_rate,
        max_by(numeric_value, moment) filter (where observation_code = '9279-1')
            as respiratory_rate,
        max_by(numeric_value, moment) filter (where observation_code = '8302-2')
            as body_height,
        max_by(numeric_value, moment) filter (where observation_code = '29463-7')
            as body_weight,
        max_by(numeric_value, moment) filter (where observation_code = '39156-5')
            as body_mass_index,
        max_by(numeric_value, moment) filter (where observation_code = '72514-3')
            as pain_severity,
        max_by(numeric_value, moment) filter (where observation_code = 'QOLS')
            as quality_of_life_score,
        max(observed_at) as last_observed_at,
        max(_loaded_at) as _loaded_at
    from observations
    group by patient_key
)

select * from final

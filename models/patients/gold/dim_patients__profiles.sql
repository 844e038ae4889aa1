with

patients as (
    select
        patient_key,
        marital_status,
        gender,
        state,
        zip_code,
        birth_date,
        death_date,
        _loaded_at
    from {{ ref('silver_patients__patients') }}
),

final as (
    select
        patient_key,
        {{ age_band('birth_date', 'coalesce(death_date, ' ~ as_of_date() ~ ')') }} as age_band,
        case gender when 'M' then 'male' when 'F' then 'female' else 'unknown' end as gender,
        case marital_status
            when 'M' then 'married'
            when 'S' then 'single'
            when 'D' then 'divorced'
            when 'W' then 'widowed'
            else 'unknown'
        end as marital_status,
        state,
        {{ zip3('zip_code') }} as zip3_area,
        death_date is not null as is_deceased,
        {{ year_of('death_date') }} as death_year,
        _loaded_at
    from patients
)

select * from final

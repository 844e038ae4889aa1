{%- set attributes = [
    'is_deceased', 'state', 'gender', 'age_band', 'zip3_area', 'marital_status', 'death_year',
] -%}
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

described as (
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
),

{{ shown_in_groups('described', attributes) }},

final as (
    select
        patient_key,
        if(shows_age_band, age_band) as age_band,
        if(shows_gender, gender, 'unknown') as gender,
        if(shows_marital_status, marital_status, 'unknown') as marital_status,
        if(shows_state, state) as state,
        if(shows_zip3_area, zip3_area) as zip3_area,
        {{ hidden_names(attributes) }} as hidden_attributes,
        {{ hidden_count(attributes) }} as hidden_attribute_count,
        shows_is_deceased and is_deceased as is_deceased,
        if(shows_death_year, death_year) as death_year,
        _loaded_at
    from shown
)

select * from final

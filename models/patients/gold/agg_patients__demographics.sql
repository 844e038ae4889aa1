with

patients as (
    select
        patient_key,
        race,
        ethnicity
    from {{ ref('silver_patients__patients') }}
),

profiles as (
    select
        patient_key,
        age_band,
        gender,
        marital_status,
        zip3_area,
        is_deceased
    from {{ ref('dim_patients__profiles') }}
),

attributes as (
    select
        profiles.patient_key,
        profiles.is_deceased,
        attribute.name as attribute,
        coalesce(attribute.value, 'unknown') as attribute_value
    from profiles
    inner join patients on profiles.patient_key = patients.patient_key
    cross join unnest(
        array['age_band', 'gender', 'marital_status', 'area', 'race', 'ethnicity'],
        array[
            profiles.age_band,
            profiles.gender,
            profiles.marital_status,
            profiles.zip3_area,
            patients.race,
            patients.ethnicity
        ]
    ) as attribute (name, value)
),

counted as (
    select
        attribute,
        attribute_value,
        count(distinct patient_key) as people,
        count(distinct if(not is_deceased, patient_key)) as living_people,
        sum(count(distinct patient_key)) over (partition by attribute) as all_people
    from attributes
    group by attribute, attribute_value
),

-- The number of the living says the number of the dead, so both groups have to be large enough.
guarded as (
    select
        *,
        {{ is_hidden_cell('people', 'attribute', 'attribute_value') }} as is_suppressed,
        {{ is_hidden_cell(
            'least(living_people, people - living_people)', 'attribute', 'attribute_value'
        ) }} as is_living_suppressed
    from counted
),

final as (
    select
        attribute,
        attribute_value,
        if(not is_suppressed, people) as patient_count,
        if(not is_suppressed and not is_living_suppressed, living_people) as living_patient_count,
        cast(
            if(not is_suppressed, cast(people as double) / all_people) as decimal(5, 4)
        ) as patient_share,
        is_suppressed
    from guarded
)

select * from final

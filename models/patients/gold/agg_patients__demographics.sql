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
final as (
    select
        attribute,
        attribute_value,
        {{ small_cell('people', 'people') }} as patient_count,
        {{ small_cell(
            'living_people',
            'least(living_people, people - living_people)',
        ) }} as living_patient_count,
        cast(
            {{ small_cell('cast(people as double) / all_people', 'people') }} as decimal(5, 4)
        ) as patient_share,
        people < {{ var('smallest_published_group') }} as is_suppressed
    from counted
)

select * from final

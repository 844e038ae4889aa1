{{ config(tags=['macro']) }}

-- Groups of every size, attributes that are missing, and people who are alike.
with

people as (
    select
        numbers.n as person,
        if(numbers.n % 5 = 0, null, if(numbers.n % 2 = 0, 'f', 'm')) as gender,
        cast(sqrt(numbers.n) as integer) as band,
        if(numbers.n < 20, 'x', cast(numbers.n % 7 as varchar)) as area,
        if(numbers.n between 100 and 160, 0, numbers.n % 3) as diagnosis
    from unnest(sequence(1, 400)) as numbers (n)
),

{{ shown_in_groups('people', ['gender', 'band', 'area'], sensitive=['diagnosis']) }},

published as (
    select
        if(shows_gender, gender) as gender,
        if(shows_band, band) as band,
        if(shows_area, area) as area,
        {{ hidden_names(['gender', 'band', 'area']) }} as hidden_attributes,
        {{ hidden_count(['gender', 'band', 'area']) }} as hidden_attribute_count,
        diagnosis
    from shown
),

found (what, people) as (
    select
        'too few' as what,
        people
    from (
        {{ small_groups('published', ['gender', 'band', 'area', 'hidden_attributes']) }}
    ) as small
    union all
    select
        'alike',
        people
    from (
        {{ alike_groups(
            'published', ['gender', 'band', 'area', 'hidden_attributes'], ['diagnosis']
        ) }}
    ) as alike
    union all
    select
        'lost or twice',
        count(*)
    from published
    having count(*) <> 400
    union all
    select
        'nothing is shown',
        count(*)
    from published
    having count_if(hidden_attribute_count < 2) = 0
    union all
    select
        'nothing is hidden',
        count(*)
    from published
    having count_if(hidden_attribute_count > 0) = 0
)

select * from found

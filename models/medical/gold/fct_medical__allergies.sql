with

allergies as (
    select
        allergy_key,
        patient_key,
        encounter_id,
        allergen_code,
        allergen_description,
        allergy_type,
        allergy_category,
        first_reaction_code,
        first_reaction_description,
        first_reaction_severity,
        second_reaction_code,
        second_reaction_description,
        second_reaction_severity,
        onset_date,
        resolved_date,
        _loaded_at
    from {{ ref('silver_medical__allergies') }}
),

final as (
    select
        allergy_key,
        patient_key,
        encounter_id,
        allergen_code,
        allergen_description,
        allergy_type,
        allergy_category,
        first_reaction_description,
        second_reaction_description,
        case
            when 'SEVERE' in (first_reaction_severity, second_reaction_severity) then 'severe'
            when 'MODERATE' in (first_reaction_severity, second_reaction_severity) then 'moderate'
            when 'MILD' in (first_reaction_severity, second_reaction_severity) then 'mild'
            else 'unknown'
        end as worst_severity,
        if(first_reaction_code is null, 0, 1)
        + if(second_reaction_code is null, 0, 1) as reaction_count,
        onset_date <= {{ as_of_date() }}
        and coalesce(resolved_date > {{ as_of_date() }}, true) as is_active,
        onset_date,
        resolved_date,
        _loaded_at
    from allergies
)

select * from final

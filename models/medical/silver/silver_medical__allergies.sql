{% set record = ['encounter_id', 'allergen_code', 'onset_date'] %}

with

allergies as (
    select
        patient_id,
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
        _rejection_reasons,
        _batch_id,
        _row_number,
        _loaded_at
    from {{ ref('bronze_medical__synthea_allergies') }}
),

keys as (
    select
        patient_id,
        patient_key,
        _loaded_at
    from {{ ref('identity_patients__keys') }}
    where domain = 'medical'
),

pseudonymised as (
    select
        keys.patient_key,
        allergies.encounter_id,
        allergies.allergen_code,
        allergies.allergen_description,
        allergies.allergy_type,
        allergies.allergy_category,
        allergies.first_reaction_code,
        allergies.first_reaction_description,
        allergies.first_reaction_severity,
        allergies.second_reaction_code,
        allergies.second_reaction_description,
        allergies.second_reaction_severity,
        allergies.onset_date,
        allergies.resolved_date,
        {{ occurrence('allergies', record) }} as occurrence,
        allergies._rejection_reasons,
        allergies._batch_id,
        allergies._row_number,
        allergies._loaded_at as _landed_at,
        greatest(allergies._loaded_at, keys._loaded_at) as _loaded_at
    from allergies
    inner join keys on allergies.patient_id = keys.patient_id
),

versions as (
    select
        *,
        {{ version(['patient_key'] + record + ['occurrence']) }} as _version
    from pseudonymised
    where cardinality(_rejection_reasons) = 0
),

final as (
    select
        {{ surrogate_key(['patient_key'] + record + ['occurrence'], 'medical') }} as allergy_key,
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
        _batch_id,
        _loaded_at
    from versions
    where _version = 1
)

select * from final

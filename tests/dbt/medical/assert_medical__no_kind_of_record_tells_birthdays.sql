-- A kind of record that comes back on one and the same day of the year tells the birthday of a
-- patient, whatever it is called. Each product is asked by the kinds of its records and as a whole.
with

records as (
    {{ records_by_day([
        ('fct_medical__encounters', 'encounter_code', 'started_at'),
        ('fct_medical__conditions', 'condition_code', 'onset_date'),
        ('fct_medical__conditions', 'condition_code', 'resolved_date'),
        ('fct_medical__procedures', 'procedure_code', 'started_at'),
        ('fct_medical__immunizations', 'vaccine_code', 'administered_at'),
        ('fct_medical__care_plans', 'care_plan_code', 'start_date'),
        ('fct_medical__care_plans', 'care_plan_code', 'stop_date'),
        ('fct_medical__prescriptions', 'drug_code', 'started_at'),
        ('fct_medical__prescriptions', 'drug_code', 'stopped_at'),
        ('fct_medical__imaging_studies', 'modality_code', 'started_at'),
        ('fct_medical__allergies', 'allergen_code', 'onset_date'),
        ('fct_medical__observations', 'observation_code', 'observed_at'),
    ]) }}
)

{{ birthday_kinds('records') }}

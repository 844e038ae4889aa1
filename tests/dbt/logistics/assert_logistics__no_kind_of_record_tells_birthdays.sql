-- A kind of record that comes back on one and the same day of the year tells the birthday of a
-- patient, whatever it is called. Each product is asked by the kinds of its records and as a whole.
with

records as (
    {{ records_by_day([
        ('fct_logistics__consumption', 'item_code', 'consumed_date'),
    ]) }}
)

{{ birthday_kinds('records') }}

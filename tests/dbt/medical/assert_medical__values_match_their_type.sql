select
    observation_key,
    value_type
from {{ ref('fct_medical__observations') }}
where
    (value_type = 'numeric') <> (numeric_value is not null)
    or (value_type = 'text') <> (text_value is not null)

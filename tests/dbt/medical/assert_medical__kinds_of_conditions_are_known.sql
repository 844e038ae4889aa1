{{ config(severity='warn') }}

-- A code that nobody has read counts as no disorder, and its patients as healthier than they are:
-- it belongs on the list of kinds. A code that is of two kinds under two names is told too.
select
    condition_code,
    max(condition_description) as condition_description,
    min(condition_kind) as one_kind,
    max(condition_kind) as another_kind,
    count(*) as condition_count
from {{ ref('fct_medical__conditions') }}
group by condition_code
having count_if(condition_kind = 'unspecified') > 0 or min(condition_kind) <> max(condition_kind)

-- Guards the published table, which an incremental build does not rewrite when the list changes.
select
    observations.observation_key,
    observations.observation_code
from {{ ref('fct_medical__observations') }} as observations
left join {{ ref('reference_medical__coded_observations') }} as coded_observations
    on observations.observation_code = coded_observations.observation_code
where
    coded_observations.observation_code is null
    and observations.text_value <> 'SUPPRESSED'

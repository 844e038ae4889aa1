with

patients as (
    select * from {{ ref('bronze_patients__synthea_patients') }}
),

-- The identifier of a patient is personal, so a rejected row is named by its file and place alone.
final as (
    {{ quarantined_rows('patients', 'synthea_patients') }}
)

select * from final

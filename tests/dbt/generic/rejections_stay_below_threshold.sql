{% test rejections_stay_below_threshold(model, tables) %}

{{ too_many_rejected(model, tables) }}

{% endtest %}

{% test k_anonymous(model, columns, nothing_shown='false', smallest=none) %}

{{ small_groups(model, columns, nothing_shown, smallest) }}

{% endtest %}

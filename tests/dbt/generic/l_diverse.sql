{% test l_diverse(model, columns, sensitive, nothing_shown='false', smallest=2) %}

{{ alike_groups(model, columns, sensitive, nothing_shown, smallest) }}

{% endtest %}

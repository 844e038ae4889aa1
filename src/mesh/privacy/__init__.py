"""Personal data, followed by column through the SQL of a dbt project."""

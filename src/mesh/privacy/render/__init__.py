"""Renders the Jinja of a dbt project without dbt: every branch of it, and no connection."""

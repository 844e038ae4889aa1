"""Data contracts: read, checked, compared, compiled into the project, resolved to a table."""

"""Looks at the values of source tables: what is personal and was not declared so."""

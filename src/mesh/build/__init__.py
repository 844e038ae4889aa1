"""Builds the mesh with dbt: on a branch, audited, published, documented."""

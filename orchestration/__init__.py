"""The Dagster code location: what `mesh run` does, as assets, checks, jobs and a schedule."""

"""The readiness assessment: whether a data mesh is the right thing, and what to do next."""

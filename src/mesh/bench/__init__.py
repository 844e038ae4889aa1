"""Measures of speed against what the same work costs without us, alternating in one run."""

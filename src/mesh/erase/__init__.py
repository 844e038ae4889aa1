"""Erasing a person: from every table, release, branch and file, with evidence and for good."""

"""The embedded stack: artifacts, processes, and the verbs that start and end them."""

"""Who may see what: read from access/ and the contracts, compiled for the engine, simulated."""

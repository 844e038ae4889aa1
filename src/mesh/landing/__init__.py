"""The input: patient histories made by Synthea, landed as text tables of their owners' domains."""

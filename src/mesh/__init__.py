"""The toolset that runs, checks and publishes the data mesh."""

__version__ = "0.1.0"

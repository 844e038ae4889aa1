"""What every part of the toolset shares: errors, console, paths, settings."""

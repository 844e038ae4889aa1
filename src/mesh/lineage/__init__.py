"""OpenLineage events of builds, for whoever collects lineage across systems."""

from mesh.lineage.emit import emit
from mesh.lineage.events import events

__all__ = ["emit", "events"]

"""Says how a build goes: a line per finished model, passed tests only counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mesh.build.dbt import Event
from mesh.core.console import info

GOOD = {"success", "pass", "no-op"}
FINISHED = {
    "LogModelResult",
    "LogSeedResult",
    "LogSnapshotResult",
    "LogTestResult",
    "LogUnitTestResult",
    "SkippingDetails",
}
"""Names of the events with which dbt ends a node."""


@dataclass
class Progress:
    """A listener for :meth:`mesh.build.dbt.Project.invoke`."""

    say: Callable[[str], None] = info
    done: int = 0
    total: int = 0
    tests: int = 0
    failed: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take one event of dbt."""
        if event.name == "ConcurrencyLine":
            self.total = int(event.data.get("node_count", 0))
        elif event.name in FINISHED and event.node:
            self._finished(event)
        elif event.name == "LogHookEndLine" and "on-run-end" in event.message:
            self.say(f"    upload of the results: {event.data.get('execution_time', 0):.1f} s")
        elif event.level == "error" and not self.failed:
            self.say(f"    {event.message}")

    def _finished(self, event: Event) -> None:
        self.done += 1
        node = event.node
        is_test = node.get("resource_type") in {"test", "unit_test"}
        status = str(node.get("node_status"))
        if status == "None":  # of a unit test; its outcome stands beside the node
            status = str(event.data.get("status"))
        if event.name == "SkippingDetails":
            status = "skipped"
        if status in GOOD and is_test:
            self.tests += 1
            return
        line = f"    [{self.done}/{self.total}] {status:<8} {node.get('node_name')}"
        seconds = event.data.get("execution_time")
        if seconds:
            line += f"  {seconds:.1f} s"
        if status not in GOOD and status not in {"warn", "skipped"}:
            self.failed.append(str(node.get("unique_id")))
            line += f"  ({place(event)})"
        self.say(line)


def place(event: Event) -> str:
    """Where the node of an event is written: its file, or for a generic test what it speaks of."""
    node = event.node
    path = str(node.get("node_path", ""))
    if node.get("resource_type") == "model":
        return f"models/{path}"
    if node.get("resource_type") == "seed":
        return f"seeds/{path}"
    attached = event.data.get("attached_node")
    return f"on {attached.split('.', 2)[2]}" if attached else f"tests/dbt/{path}"

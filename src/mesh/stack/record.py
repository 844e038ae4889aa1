"""What this checkout started: stack.json in its state folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from mesh.core.errors import StackError
from mesh.core.paths import state_dir
from mesh.core.secrets import write_private
from mesh.stack.process import Running


@dataclass(frozen=True)
class Started:
    """A service as it was started: its process, a digest of its settings, its log."""

    running: Running
    settings: str
    log: str


@dataclass(frozen=True)
class Record:
    """The started services by name, the ports by purpose, and whether the lake is laid out.

    Ports stay recorded after ``down``, so that addresses survive a restart.
    """

    ports: dict[str, int] = field(default_factory=dict)
    services: dict[str, Started] = field(default_factory=dict)
    standing: bool = False

    def with_service(self, name: str, started: Started) -> Record:
        """With one more service; the lake has to be laid out again."""
        return replace(self, services={**self.services, name: started}, standing=False)

    def without(self, names: set[str]) -> Record:
        """Without some services."""
        kept = {name: s for name, s in self.services.items() if name not in names}
        return replace(self, services=kept, standing=False)

    def save(self) -> None:
        """Write it, whole or not at all."""
        write_private(record_file(), json.dumps(asdict(self), indent=2) + "\n")


def record_file() -> Path:
    """Where it lies."""
    return state_dir() / "stack.json"


def load_record() -> Record:
    """The record of this checkout, empty when nothing was ever started.

    Raises:
        StackError: The file is damaged.
    """
    path = record_file()
    if not path.exists():
        return Record()
    try:
        return parse_record(json.loads(path.read_text()))
    except (ValueError, KeyError, TypeError) as error:
        raise StackError(
            f"the record of started processes cannot be read: {error}",
            where=str(path),
            hint="end the java processes of this checkout by hand, then remove the file",
        ) from error


def parse_record(raw: Mapping[str, object]) -> Record:
    """A record from its JSON form."""
    services = raw["services"]
    ports = raw["ports"]
    if not isinstance(services, dict) or not isinstance(ports, dict):
        raise TypeError("services and ports are not objects")
    return Record(
        ports={str(name): int(port) for name, port in ports.items()},
        services={
            str(name): Started(Running(**one["running"]), one["settings"], one["log"])
            for name, one in services.items()
        },
        standing=bool(raw["standing"]),
    )

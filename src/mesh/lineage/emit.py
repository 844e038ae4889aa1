"""Sends events through OpenLineage's own client to wherever it is configured to send them.

``OPENLINEAGE_URL``, ``OPENLINEAGE_CONFIG`` or ``OPENLINEAGE__TRANSPORT__…`` are the client's own
variables. Without any of them the events are appended to ``<state>/lineage/events.jsonl``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.core.errors import MeshError
from mesh.core.paths import state_dir

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import RunEvent


class LineageError(MeshError):
    """The receiver of the events did not take them."""


def events_file() -> Path:
    """Where events go by default: one JSON document a line."""
    return state_dir() / "lineage" / "events.jsonl"


def emit(events: Iterable[RunEvent]) -> str:
    """Send the events; gives the address they went to, for people.

    Raises:
        LineageError: The receiver refused or did not answer.
    """
    client, address = _client()
    try:
        for event in events:
            client.emit(event)
        client.close()
    except Exception as error:  # the transports raise whatever their libraries raise
        raise LineageError(
            f"lineage events were not taken: {str(error).splitlines()[0]}", where=address
        ) from error
    return address


def _client() -> tuple[OpenLineageClient, str]:
    from openlineage.client import OpenLineageClient
    from openlineage.client.transport.file import FileConfig, FileTransport

    if any(name.startswith("OPENLINEAGE_") for name in os.environ):
        before = set(os.environ)
        client = OpenLineageClient()
        # It writes what it read from OPENLINEAGE_URL back as variables of the newer form, which
        # would outlive a change of the former.
        for name in set(os.environ) - before:
            del os.environ[name]
        return client, os.environ.get("OPENLINEAGE_URL") or client.transport.kind or "configured"
    path = events_file()
    path.parent.mkdir(exist_ok=True)
    transport = FileTransport(FileConfig(log_file_path=str(path), append=True))
    return OpenLineageClient(transport=transport), str(path)

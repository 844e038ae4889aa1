"""Deletes the files in the lake's bucket that no branch and no release refers to.

Nessie's own collector does not see tables that were dropped (projectnessie/nessie#11273), and
Trino deletes no file on a drop. So every file is listed first; then every reference's head is read
down to its last file, and what was listed and is not referred to goes. Nessie keeps no snapshot
but the current one of a table on each reference, so the heads are all that can be read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import fastavro
from pyarrow.fs import FileSelector, FileType, S3FileSystem

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.lake.branches import branches
from mesh.lake.files import FOLDER, filesystem
from mesh.lake.lock import publisher_lock
from mesh.lake.nessie import Nessie
from mesh.lake.trino import query

_WORKERS = 8
_PATIENCE = 60.0


@dataclass(frozen=True)
class Swept:
    """What a sweep did: files that stay and that went, bytes of the latter, references counted."""

    kept: int
    deleted: int
    deleted_bytes: int
    references: tuple[str, ...]


def sweep(lake: Lake, run_id: str, *, dry_run: bool = False) -> Swept:
    """Delete every file that nothing refers to.

    Args:
        lake: The lake.
        run_id: The holder of the publisher's lock.
        dry_run: Only count.

    Raises:
        Locked: Another publisher is at work.
        LakeError: A branch is in use or a statement is writing, so that a file may not be referred
            to yet; or metadata cannot be read. Nothing was deleted.
    """
    with publisher_lock(run_id):
        store = filesystem(lake)
        while True:
            _nobody_writes(lake)
            before = _heads(lake)
            listed = dict(_listed(lake, store))
            references, needed = _needed(lake, store)
            _nobody_writes(lake)
            if _heads(lake) == before:  # else something was written meanwhile, and may need a file
                break
        missing = {path for path in needed if path not in listed and _in_bucket(lake, path)}
        if missing:
            raise LakeError(
                f"{len(missing)} files that a table refers to are not in the bucket",
                where=min(missing),
                expected="every file of every branch and release",
                hint="nothing was deleted; drop the broken branch first",
            )
        garbage = sorted(path for path in listed if path not in needed)
        if not dry_run:
            with ThreadPoolExecutor(_WORKERS) as pool:
                list(pool.map(store.delete_file, garbage))
    size = sum(listed[path] for path in garbage)
    return Swept(len(listed) - len(garbage), len(garbage), size, tuple(references))


def _nobody_writes(lake: Lake) -> None:
    used = [state.name for state in branches(lake) if state.state == "in use"]
    if used:
        raise LakeError(
            f"in use: {', '.join(used)}",
            expected="no build or check at work, whose files no table may refer to yet",
            hint="wait until it has ended, then try again",
        )
    # Trino may go on for a moment with what a client that ended had asked for.
    until = time.monotonic() + _PATIENCE
    while writing := query(lake, _WRITING):
        if time.monotonic() > until:
            raise LakeError(
                f"{len(writing)} statements are writing: {writing[0][0]}",
                expected="nobody writing, whose files no table may refer to yet",
                hint="wait until they have ended, then try again",
            )
        time.sleep(1.0)


_WRITING = r"""
select query_id from system.runtime.queries
where state not in ('FINISHED', 'FAILED')
and not regexp_like(
    regexp_replace(lower(query), '(?s)/\*.*?\*/|--[^\n]*(\n|$)', ' '),
    '^[\s(]*(select|with|values|table|show|describe|desc|use|set|reset)\b'
)
"""
"""Whatever does not begin like a statement that only reads; in Trino none that writes does."""


def _heads(lake: Lake) -> set[tuple[str, str]]:
    with Nessie.of(lake) as nessie:
        return {(ref.name, ref.hash) for ref in nessie.references()}


def _listed(lake: Lake, store: S3FileSystem) -> Iterator[tuple[str, int]]:
    """All files but those stored with releases, which go with their release, and their sizes."""
    for info in store.get_file_info(FileSelector(lake.bucket, recursive=True)):
        stored = info.path.startswith(f"{lake.bucket}/{FOLDER}/")
        if info.type == FileType.File and not stored:
            yield info.path, info.size


def _needed(lake: Lake, store: S3FileSystem) -> tuple[list[str], set[str]]:
    """The references, and every file that one of them can still read."""
    with Nessie.of(lake) as nessie:
        references = nessie.references()
        heads = {each for ref in references for each in nessie.metadata(ref.spec).values()}
    needed: set[str] = set()
    lists: set[str] = set()
    with ThreadPoolExecutor(_WORKERS) as pool:
        for path, metadata in pool.map(lambda head: _metadata(store, head), sorted(heads)):
            needed.add(path)
            lists |= {_key(each["manifest-list"]) for each in metadata.get("snapshots", [])}
            needed |= {_key(path) for path in _beside(metadata)}
        manifests = {
            _key(entry["manifest_path"])
            for entries in pool.map(lambda path: _records(store, path), sorted(lists))
            for entry in entries
        }
        for entries in pool.map(lambda path: _records(store, path), sorted(manifests)):
            # Status 2 is a file that this snapshot took out.
            needed |= {_key(e["data_file"]["file_path"]) for e in entries if e["status"] != 2}
    return sorted(ref.name for ref in references), needed | lists | manifests


def _metadata(store: S3FileSystem, address: str) -> tuple[str, dict[str, Any]]:
    path = _key(address)
    try:
        with store.open_input_stream(path) as stream:
            found: dict[str, Any] = json.loads(stream.read())
    except (OSError, ValueError) as error:
        raise LakeError(f"metadata of a table cannot be read: {error}", where=path) from error
    return path, found


def _beside(metadata: dict[str, Any]) -> Iterable[str]:
    """Statistics files."""
    for each in (*metadata.get("statistics", []), *metadata.get("partition-statistics", [])):
        yield each["statistics-path"]


def _records(store: S3FileSystem, path: str) -> list[dict[str, Any]]:
    try:
        with store.open_input_file(path) as stream:
            return [record for record in fastavro.reader(stream) if isinstance(record, dict)]
    except (OSError, ValueError) as error:
        raise LakeError(f"a manifest cannot be read: {error}", where=path) from error


def _key(address: str) -> str:
    return address.partition("://")[2] or address


def _in_bucket(lake: Lake, path: str) -> bool:
    return path.startswith(f"{lake.bucket}/")

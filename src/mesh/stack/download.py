"""One file from the network into the cache: resumed, verified, never seen half-written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import requests

from mesh.core.errors import DISK_FULL, ArtifactError

CHUNK = 1 << 16
TIMEOUT = (10, 30)
"""Seconds to connect, seconds without a byte."""
ATTEMPTS = 4
"""Failures in a row, none of which brought a byte, before giving up."""
WAIT = 0.5
"""Seconds before the second attempt, doubled after each further failure."""
HINT_NETWORK = "check the network (or MESH_MAVEN_URL); what was fetched is kept and resumed"

Report = Callable[[int], None]
"""Told how many bytes of the file are there."""


@dataclass(frozen=True)
class Wanted:
    """A file by address and content; ``size`` in bytes, ``sha256`` in lower-case hex."""

    name: str
    url: str
    sha256: str
    size: int


class Cancelled(Exception):
    """Another download failed or the user interrupted: this one stops."""


class _Broken(Exception):
    """The connection gave less than it promised; what came may be resumed."""


def fetch(wanted: Wanted, target: Path, report: Report, cancel: Event) -> None:
    """Download to ``target``; a ``.part`` file beside it is resumed.

    The caller holds the lock of the target. Content that does not match is fetched once more
    from the start.

    Raises:
        ArtifactError: No network, no space, or the wrong content twice.
        Cancelled: ``cancel`` was set.
    """
    part = target.with_name(target.name + ".part")
    for last in (False, True):
        _complete(wanted, part, report, cancel)
        found = _sha256(part)
        if found == wanted.sha256:
            part.replace(target)
            return
        part.unlink()
        if last:
            raise ArtifactError(
                f"{wanted.name} came with the wrong content twice (SHA-256 {found})",
                where=wanted.url,
                expected=f"SHA-256 {wanted.sha256} as platform/artifacts.lock says",
                hint="do not use it; look at what stands between here and the repository",
            )


def _complete(wanted: Wanted, part: Path, report: Report, cancel: Event) -> None:
    """Go on until the part file has the wanted size; failures in a row are counted."""
    failures = 0
    while (have := _size(part)) < wanted.size or have == 0:
        try:
            _stream(wanted, part, report, cancel)
        except (requests.RequestException, _Broken) as error:
            failures = 0 if _size(part) > have else failures + 1
            if failures == ATTEMPTS:
                raise ArtifactError(
                    f"{wanted.name} cannot be downloaded: {_reason(error)}",
                    where=wanted.url,
                    hint=HINT_NETWORK,
                ) from error
            if cancel.wait(WAIT * 2**failures):
                raise Cancelled from None
        except OSError as error:
            raise _disk_error(error, part) from error
    if have > wanted.size:
        part.write_bytes(b"")
        raise ArtifactError(
            f"{wanted.name} is longer than the lock says",
            where=wanted.url,
            expected=f"{wanted.size} bytes",
        )
    report(have)


def _stream(wanted: Wanted, part: Path, report: Report, cancel: Event) -> None:
    """One request from where the part file ends; from the start if the server refuses that."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(wanted.url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink(missing_ok=True)
            raise _Broken("the server refused to resume")
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _Broken(f"the server answered {answer.status_code}")
        if answer.status_code not in (200, 206):
            raise ArtifactError(
                f"{wanted.name} cannot be downloaded: the server answered {answer.status_code}",
                where=wanted.url,
                hint=HINT_NETWORK,
            )
        content_range = answer.headers.get("Content-Range", "")
        resumed = answer.status_code == 206 and content_range.startswith(f"bytes {have}-")
        if not resumed:
            have = 0
        with part.open("ab" if resumed else "wb") as file:
            for chunk in answer.iter_content(CHUNK):
                if cancel.is_set():
                    raise Cancelled
                file.write(chunk)
                have += len(chunk)
                report(have)
                if have > wanted.size:
                    return
    if have < wanted.size:
        raise _Broken(f"the connection ended after {have} of {wanted.size} bytes")


def _reason(error: Exception) -> str:
    """The innermost cause in words, without the layers of the HTTP library."""
    if isinstance(error, _Broken):
        return str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate is not trusted (REQUESTS_CA_BUNDLE names another bundle)"
    if isinstance(error, requests.exceptions.Timeout):
        return "the server does not answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy refuses the connection"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "the server cannot be reached"
    return type(error).__name__


def _disk_error(error: OSError, path: Path) -> ArtifactError:
    full = error.errno in DISK_FULL
    return ArtifactError(
        "the disk of the cache is full" if full else f"the cache cannot be written: {error}",
        where=str(path.parent),
        hint="make room, or point MESH_CACHE at another disk; what was fetched is kept",
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

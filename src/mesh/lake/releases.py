"""Releases: what was published, what is live, and the way back.

A release is a tag on the one commit a publish put on main. The live release is the one whose
commit main points at; going back, or forward again, points main at another release's commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.lake.branches import follow_main
from mesh.lake.commits import Commit, Reference
from mesh.lake.files import get_file
from mesh.lake.lock import publisher_lock
from mesh.lake.names import MAIN, new_run_id, release_number, release_tag
from mesh.lake.nessie import Conflict, Nessie

RUN_ID, GIT_SHA, TABLES = "mesh.run_id", "mesh.git_sha", "mesh.tables"
"""Properties of a publish's commit."""


@dataclass(frozen=True)
class Release:
    """One release."""

    tag: str
    hash: str
    run_id: str
    git_sha: str | None
    published_at: datetime
    message: str
    tables: tuple[str, ...]
    """Names ``schema.table`` of what it added, changed or removed."""
    live: bool


@dataclass(frozen=True)
class Rollback:
    """What a rollback did."""

    left: Release | None
    """What was live; None when main was not at a release."""
    live: Release
    kept_as: str | None = None
    """The tag that keeps main's commits when they belonged to no release."""


def releases(lake: Lake) -> list[Release]:
    """All releases, youngest first; a publish cut off before its tag gets the tag now."""
    with Nessie.of(lake) as nessie:
        return _releases(nessie)


def find_release(lake: Lake, name: str) -> Release:
    """The release with the tag ``name``, or the live one for ``live``.

    Raises:
        LakeError: There is none.
    """
    return _named(releases(lake), name)


def release_file(lake: Lake, name: str, file: str) -> bytes:
    """A file stored with a release, as ``manifest.json`` of ``live``.

    Raises:
        LakeError: There is no such release or file.
    """
    return get_file(lake, find_release(lake, name).run_id, file)


def rollback(lake: Lake, name: str | None = None) -> Rollback:
    """Make another release live, in one step whatever the size of the data.

    Args:
        lake: The lake.
        name: The release's tag; the one before the live one when None. Forward is possible too.

    Raises:
        LakeError: There is no such release.
        Locked: A publisher is at work.
    """
    with publisher_lock(f"rollback-{new_run_id()}"), Nessie.of(lake) as nessie:
        known = _releases(nessie)
        main = nessie.get(MAIN)
        live = next((release for release in known if release.live), None)
        target = _named(known, name) if name else _previous(nessie, known, main)
        if target.hash == main.hash:
            return Rollback(live, target)
        kept_as = None if live else _keep(nessie, main)
        nessie.assign(main, target.hash)
        follow_main(nessie)
        return Rollback(live, _named(_releases(nessie), target.tag), kept_as)


def tag_head(nessie: Nessie, head: Commit | None) -> Reference | None:
    """Give a publish's commit its tag unless it has one; None for any other commit.

    Whoever comes second, after a crash or on another machine, finds the tag of the first.
    """
    if head is None or RUN_ID not in head.properties:
        return None
    while True:
        tags = {ref.hash: ref for ref in nessie.references() if release_number(ref.name)}
        if head.hash in tags:
            return tags[head.hash]
        last = max((release_number(ref.name) or 0 for ref in tags.values()), default=0)
        try:
            return nessie.create(release_tag(last + 1), "TAG", head.hash)
        except Conflict:
            continue


def release_of(tag: Reference, commit: Commit, live: str | None) -> Release:
    """The release with this tag and commit; ``live`` is the hash main is at."""
    properties = commit.properties
    return Release(
        tag=tag.name,
        hash=tag.hash,
        run_id=properties.get(RUN_ID, [""])[0],
        git_sha=next(iter(properties.get(GIT_SHA, [])), None),
        published_at=commit.committed_at,
        message=commit.message,
        tables=tuple(properties.get(TABLES, [])),
        live=tag.hash == live,
    )


def _releases(nessie: Nessie) -> list[Release]:
    head = next(nessie.log(MAIN, 1), None)
    tag_head(nessie, head)
    live = head.hash if head else None
    tags = [raw for raw in nessie.detailed("TAG") if release_number(raw.ref.name)]
    found = [release_of(raw.ref, raw.head, live) for raw in tags if raw.head]
    return sorted(found, key=lambda release: release_number(release.tag) or 0, reverse=True)


def _named(known: list[Release], name: str) -> Release:
    for release in known:
        if release.tag == name or (name == "live" and release.live):
            return release
    if name == "live":
        raise LakeError("no release is live", hint="publish one with `./mesh run`")
    tags = ", ".join(release.tag for release in known[:5]) or "none yet"
    raise LakeError(f"there is no release `{name}`", expected=f"one of: {tags}")


def _previous(nessie: Nessie, known: list[Release], main: Reference) -> Release:
    """The release main showed before, by main's own history: not the one with the number before.

    After a rollback from 3 to 1 and a publish of 4, the one before 4 is 1.
    """
    by_hash = {release.hash: release for release in known}
    for commit in nessie.log(MAIN):
        if commit.hash != main.hash and commit.hash in by_hash:
            return by_hash[commit.hash]
    raise LakeError(
        "there is no release before the one that is live",
        hint="`./mesh releases` lists what can be named",
    )


def _keep(nessie: Nessie, main: Reference) -> str:
    """Tag commits that somebody put on main outside a release, so that they are not lost."""
    name = f"unreleased-{new_run_id()}"
    nessie.create(name, "TAG", main.hash)
    return name

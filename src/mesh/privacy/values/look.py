"""The whole scan: who is known, what the values of every table look like, what was declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.privacy.findings import OF_VALUES, Finding
from mesh.privacy.values.declared import source_tables
from mesh.privacy.values.identity import Identity, identity_of
from mesh.privacy.values.profile import Profile
from mesh.privacy.values.reading import Located, in_folder, in_lake
from mesh.privacy.values.verdict import findings_of
from mesh.privacy.waivers import apply, read_waivers

_WORKERS = 2
"""Arrow computes in the thread that asks; two hide the waits for S3."""


def look_at_folder(folder: Path, project: Path = ROOT) -> list[Finding]:
    """What a folder of CSV holds that the project's sources do not declare.

    Raises:
        MeshError: The files or the declarations cannot be read.
    """
    return _findings(in_folder(folder, source_tables(project)), project, whole=False)


def look_at_lake(
    lake: Lake,
    ref: str,
    batches: Mapping[str, Sequence[str]] | None = None,
    project: Path = ROOT,
) -> list[Finding]:
    """What the landed tables of a branch or release hold that the sources do not declare.

    Args:
        lake: The lake.
        ref: Branch or release.
        batches: Which batches of which tables, ``schema.table``; everything if None.
        project: Where the sources and waivers are.

    Raises:
        MeshError: The lake or the declarations cannot be read.
    """
    located = in_lake(lake, ref, source_tables(project), batches)
    return _findings(located, project, whole=batches is None)


def _findings(located: Sequence[Located], project: Path, *, whole: bool) -> list[Finding]:
    """The findings that no waiver is for, errors first, then by place.

    Only a look at the whole says that a waiver is for nothing.
    """
    profiles = profiles_of(located)
    found = (one for each in located for one in findings_of(each.table, profiles[each.table.name]))
    waivers = [each for each in read_waivers(project) if each.code == OF_VALUES]
    kept = [each for each in apply(found, waivers) if whole or each.code == OF_VALUES]
    return sorted(kept, key=lambda each: (each.level, each.code, each.node, each.column))


def profiles_of(located: Sequence[Located]) -> dict[str, Profile]:
    """What was counted of each table, by its name."""
    people = next((each for each in located if each.table.holds_people()), None)
    identity = identity_of(people.table, people.whole()) if people else Identity()
    with ThreadPoolExecutor(_WORKERS) as pool:
        counted = pool.map(lambda each: _profile(each, identity), located)
        return {each.table.name: one for each, one in zip(located, counted, strict=True)}


def _profile(located: Located, identity: Identity) -> Profile:
    profile = Profile(identity)
    for batch in located.rows():
        profile.add(batch)
    return profile

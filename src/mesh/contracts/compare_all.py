"""The changes of a project, or of two files, each with those whom it hurts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mesh.build.manifest import read_manifest
from mesh.build.nodes import Manifest
from mesh.contracts.changes import Change, compare
from mesh.contracts.consumers import Consumer, read_consumers
from mesh.contracts.diff import changes_between, contracts_of_files, files_since
from mesh.contracts.document import parse
from mesh.contracts.gate import require_sound_files
from mesh.contracts.hurt import beyond, with_hurt
from mesh.contracts.lint import lint_file
from mesh.contracts.model import Contract
from mesh.contracts.project import ContractProject, manifest_path, project_name
from mesh.core.errors import Findings, InputError, MeshError
from mesh.privacy.analysis import Analysis
from mesh.privacy.lineage import lineage_of
from mesh.privacy.project import load


def of_files(old: Path, new: Path, root: Path) -> list[Change]:
    """The changes from one file to another; consumers and models are those of the project.

    Raises:
        Findings: One of the two is broken.
    """
    before, after = _sound(old), _sound(new)
    return _named(before, compare(before, after), root, read_consumers(root)[0])


def of_base(root: Path, base: str, day: date) -> list[Change]:
    """The changes of the tree since a git revision or a release.

    Raises:
        MeshError: The base is not known, or a contract of the tree is broken.
    """
    files = files_since(root, revision_of(root, base))
    require_sound_files(files.new)
    consumers, _ = read_consumers(root)
    before, lost = contracts_of_files(files.old)
    after, _ = contracts_of_files(files.new)
    # What did not change is read only where a version came or went beside it.
    same = {c.key for c in before} == {c.key for c in after}
    kept, _ = ([], []) if same else contracts_of_files(files.kept)
    found = [replace(each, step_ok=_is_next(each, files.old, after)) for each in lost]
    for contract, changes in changes_between(before, after, day, kept):
        found += _named(contract, changes, root, consumers)
    return found


def _is_next(lost: Change, old: Mapping[str, bytes], new: Sequence[Contract]) -> bool:
    """Whether the file has a later major version now, as far as the broken one told its own."""
    raw = parse(old[lost.file], lost.file)[0].data
    told = re.match(r"([0-9]{1,9})\.", str(raw.get("version"))) if isinstance(raw, dict) else None
    return told is not None and any(c.file == lost.file and c.major > int(told[1]) for c in new)


def _sound(path: Path) -> Contract:
    if not path.exists():
        raise InputError("there is no such file", where=str(path), expected="a contract file")
    contract, findings = lint_file(path)
    if contract is None:
        lines = "\n".join(line for finding in findings[:20] for line in finding.lines())
        raise Findings(f"the contract cannot be compared\n{lines}")
    return contract


def revision_of(root: Path, base: str) -> str:
    """The git revision that is meant: one of git's, else that of a release of the lake."""
    from mesh.core.git import commit_of

    try:
        commit_of(root, base)
    except MeshError as error:
        sha = _released(base)
        if sha is None:
            raise error from None
        return sha
    return base


def _released(name: str) -> str | None:
    """The commit that a release was built from; None if there is no such release, or no lake."""
    from mesh.core.settings import Lake
    from mesh.lake.releases import find_release

    try:
        sha = find_release(Lake.current(), name).git_sha
    except MeshError:
        return None
    return sha.removesuffix("-dirty") if sha else None


def _named(
    contract: Contract, changes: Sequence[Change], root: Path, consumers: Sequence[Consumer]
) -> list[Change]:
    if all(change.kind == "safe" for change in changes):
        return list(changes)
    known = _known(root)
    if known is None:
        return with_hurt(changes, contract, None, None, consumers)
    manifest, analysis = known
    node = ContractProject(root, project_name(root), (), (), manifest).model_of(contract)
    if node is None:
        return with_hurt(changes, contract, None, manifest, consumers)
    later = [each.unique_id for each in beyond(manifest, node)]
    analysis.run(later)
    lineage = lineage_of(analysis, [node.unique_id, *later])
    return with_hurt(changes, contract, node, manifest, consumers, lineage)


def _known(root: Path) -> tuple[Manifest, Analysis] | None:
    """The project's models and who follows their columns; without, only consumers are named."""
    from mesh.core.console import warn

    if root not in _projects:
        try:
            _projects[root] = _read(root)
        except MeshError as error:
            warn(f"models and exposures downstream are not named: {error.message}")
            _projects[root] = None
    return _projects[root]


def _read(root: Path) -> tuple[Manifest, Analysis]:
    path = manifest_path(root)
    return read_manifest(path, project_name(root)), Analysis(load(root, path))


_projects: dict[Path, tuple[Manifest, Analysis] | None] = {}
"""The projects of this process: each is read once for all of its changes."""

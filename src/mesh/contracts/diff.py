"""What changed between the contracts of two states of a project."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mesh.contracts.changes import Change, compare
from mesh.contracts.document import MAX_BYTES, parse
from mesh.contracts.finding import errors
from mesh.contracts.lint import lint
from mesh.contracts.model import Contract
from mesh.contracts.project import FOLDER, SUFFIXES, contract_files
from mesh.core.errors import MeshError
from mesh.core.git import blobs, commit_of, contents

MAX_TOTAL = 512 * 1024 * 1024
"""Bytes of all contracts of a revision."""


def changes_between(
    old: Sequence[Contract], new: Sequence[Contract], today: date, kept: Sequence[Contract] = ()
) -> Iterator[tuple[Contract, list[Change]]]:
    """The changes of each product, with the contract as it was before (or is, for a new one).

    A major version that is there before and after is compared. One that is gone has to have
    reached its end; a breaking change is published as a new one beside it.

    Args:
        old: The contracts as they were.
        new: The contracts as they are.
        today: The day that deprecation dates are judged by.
        kept: Contracts that are the same before and after and in neither of the two: the other
            versions of a product that one went from or came to.
    """
    before, after = {c.key: c for c in old}, {c.key: c for c in new}
    moved = dict(_moved(before, after))
    for key, contract in before.items():
        if key in after:
            yield contract, compare(contract, after[key])
        elif key in moved:
            there = after[moved[key]]
            yield contract, [_removed(contract, today, there), *compare(contract, there)]
        else:
            yield (
                contract,
                _gone(contract, [*after.values(), *kept], {*before, *_keys(kept)}, today),
            )
    for key, contract in after.items():
        if key not in before and key not in moved.values():
            stay = {*after, *_keys(kept)}
            yield contract, [_come(contract, [*before.values(), *kept], stay)]


Key = tuple[str, str, int]


def _keys(contracts: Sequence[Contract]) -> set[Key]:
    return {contract.key for contract in contracts}


def _moved(
    before: Mapping[Key, Contract], after: Mapping[Key, Contract]
) -> Iterator[tuple[Key, Key]]:
    """Contracts that go on under another address: the same id, or the same table."""
    come = {key: contract for key, contract in after.items() if key not in before}
    for key, contract in before.items():
        if key in after:
            continue
        for other, candidate in come.items():
            same_table = {t.physical_name for t in contract.tables} & {
                t.physical_name for t in candidate.tables
            }
            if other[:2] != key[:2] and (candidate.id == contract.id or same_table):
                yield key, other
                break


def _gone(
    contract: Contract, rest: Sequence[Contract], known: Collection[Key], today: date
) -> list[Change]:
    """A version that is gone, with what differs in one that came in its place."""
    versions = [c for c in rest if c.key[:2] == contract.key[:2]]
    later = [c for c in versions if c.major > contract.major or c.key not in known]
    successor = max(later, key=lambda c: c.major, default=None)
    removed = _removed(contract, today, successor, what="version" if versions else "product")
    over = removed.step_ok
    if successor is None or over or successor.key in known:
        return [removed]
    return [removed, *compare(contract, successor)]


def _removed(
    contract: Contract, today: date, successor: Contract | None, what: str = "version"
) -> Change:
    """That an address is gone, which it may be after its end."""
    end = contract.deprecation_date
    over = end is not None and today >= end
    said = f"{contract.address} is gone"
    if not over:
        said += f" before its end on {end}" if end else " without a deprecation date"
        said += "; keep it beside its successor until then" if successor else ""
    if successor and successor.major < contract.major:
        said = f"the version went back from {contract.version} to {successor.version}"
    return Change(
        contract.address,
        f"v{contract.major}",
        f"{what}_removed",
        "breaking",
        "major",
        over,
        said,
        file=contract.file,
    )


def _come(contract: Contract, old: Sequence[Contract], stay: Collection[Key]) -> Change:
    earlier = [c for c in old if c.key[:2] == contract.key[:2]]
    what, said = "product_added", f"{contract.address} is new"
    if earlier:
        newest = max(earlier, key=lambda c: c.major)
        where = "beside" if newest.key in stay else "in place of"
        what, said = "version_added", f"{contract.address} is published {where} v{newest.major}"
    return Change(
        contract.address, f"v{contract.major}", what, "safe", "none", True, said, file=contract.file
    )


def contracts_of_files(files: Mapping[str, bytes]) -> tuple[list[Contract], list[Change]]:
    """The sound contracts among the contents of files, and that the promises of others are lost.

    A broken one is a change without its step: what of it was dropped since, nobody can say.
    """
    found, lost = [], []
    for name, content in files.items():
        contract, findings = lint(*parse(content, name))
        if contract is not None:
            found.append(contract)
            continue
        first = errors(findings)[0]
        said = f"what it promised cannot be read ({first.place}: {first.found}): compare by hand"
        words = (first.product or name, name, "base_unreadable", "breaking", "major", False, said)
        lost.append(Change(*words, file=name))
    return found, lost


@dataclass(frozen=True)
class Files:
    """The contract files of a revision and of the tree; ``kept`` are the same in both."""

    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    kept: Mapping[str, bytes]


def files_since(root: Path, base: str) -> Files:
    """The contract files of ``base`` and of the tree.

    Raises:
        MeshError: The base is no revision, or git is missing.
    """
    old = files_at(root, base)
    new = {str(p.relative_to(root)): _content(p) for p in contract_files(root)}
    kept = {name: content for name, content in old.items() if new.get(name) == content}
    return Files(
        {name: content for name, content in old.items() if name not in kept},
        {name: content for name, content in new.items() if name not in kept},
        kept,
    )


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def files_at(root: Path, revision: str) -> dict[str, bytes]:
    """The contract files of a git revision; none if it has no folder of contracts."""
    commit = commit_of(root, revision)
    found = blobs(root, commit, FOLDER)
    wanted = [blob for blob in found if blob.name.endswith(SUFFIXES) and not blob.is_link]
    if sum(blob.size for blob in wanted) > MAX_TOTAL:
        raise MeshError(f"the contracts of {revision} are larger than {MAX_TOTAL:,} bytes")
    return {blob.name: content[: MAX_BYTES + 1] for blob, content in contents(root, wanted)}

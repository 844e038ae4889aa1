"""Gathers what the site is made from; each part that other tools make is behind one function.

A part that cannot be had is left out, and the pages say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from mesh.build.manifest import read_manifest, read_run_results
from mesh.build.summary import Summary
from mesh.contracts.lint import lint_file
from mesh.contracts.model import Contract
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT
from mesh.site import freshness, readings, samples
from mesh.site.columns import read_lineage
from mesh.site.history import git_changes
from mesh.site.inputs import Consumer, Inputs, Links, Published, Sight

CONTRACTS = "contracts"
MANIFEST, RESULTS, SUMMARY = "manifest.json", "run_results.json", "summary.json"

T = TypeVar("T")


@dataclass
class _Notes:
    """What could not be had."""

    told: list[str] = field(default_factory=list)

    def have(self, name: str, work: Callable[[], T | None], why: str) -> T | None:
        """What ``work`` gives; else a note that says what is missing and why."""
        try:
            found = work()
        except MeshError as error:
            self.told.append(f"{name}: {error.message}")
            return None
        if found is None:
            self.told.append(f"{name}: {why}")
        return found


def gather(
    folder: Path,
    written_at: datetime,
    release: Published | None = None,
    links: Links | None = None,
    root: Path = ROOT,
) -> Inputs:
    """The inputs of the site.

    Args:
        folder: The artifacts of a release: the manifest, and as far as they are there the results,
            the summary, ``samples.json``, ``loaded_at.json`` and ``readings.json``.
        written_at: When the pages are made, in UTC.
        release: The release that the artifacts are of.
        links: Pages of other tools in the folder of the site.
        root: The tree with the contracts.

    Raises:
        MeshError: There is no manifest.
    """
    manifest = read_manifest(folder)
    notes = _Notes()
    contracts = read_contracts(root, notes)
    results, summary = folder / RESULTS, folder / SUMMARY
    asked, loaded = folder / samples.FILE, folder / freshness.LOADED
    counts = folder / readings.READINGS
    no_file = "the release holds none"
    return Inputs(
        contracts=tuple(contracts),
        manifest=manifest,
        written_at=written_at,
        release=release,
        summary=notes.have("numbers of rows", lambda: _read(summary, Summary.from_json), no_file),
        results=notes.have(
            "results of checks",
            lambda: read_run_results(results) if results.is_file() else None,
            no_file,
        ),
        loaded_at=notes.have(
            "ages of the rows", lambda: _read(loaded, freshness.from_json), no_file
        )
        or {},
        consumers=notes.have("consumers", lambda: read_consumers(root, contracts), "no register"),
        sights=notes.have(
            "who sees what by the access rules", lambda: read_sights(root, contracts), "no rules"
        ),
        lineage=notes.have("lineage by column", lambda: read_lineage(folder / MANIFEST), "no tool"),
        changes=notes.have("changes", lambda: git_changes(root, CONTRACTS), "no history of git"),
        answers=notes.have(
            "answers to sample queries", lambda: _read(asked, samples.answers_from_json), no_file
        )
        or {},
        readings=notes.have(
            "how often products answered", lambda: _read(counts, readings.from_json), no_file
        )
        or {},
        access=snippets(contracts),
        migrations=migrations(root, contracts),
        links=links or Links(),
        left_out=tuple(notes.told),
    )


def _read(path: Path, reader: Callable[[str], T]) -> T | None:
    return reader(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_contracts(root: Path, notes: _Notes) -> list[Contract]:
    """The contracts that are in order; the others are told of."""
    found = []
    for path in sorted((root / CONTRACTS).rglob("*.odcs.yaml")):
        shown = str(path.relative_to(root))
        contract, _ = lint_file(path, shown)
        if contract is None:
            notes.told.append(f"the product of {shown}: its contract is not in order")
        else:
            found.append(contract)
    return found


def read_consumers(
    root: Path, contracts: Iterable[Contract]
) -> Mapping[str, tuple[Consumer, ...]] | None:
    """The registered consumers by the address of the product; None without a register."""
    try:
        from mesh.contracts import consumers as register
    except ImportError:
        return None
    if not (root / register.FILE).is_file():
        return None
    entries, _ = register.read_consumers(root)
    return {
        contract.address: tuple(
            Consumer(
                name=each.name,
                contact=each.contact,
                columns=each.columns,
                purpose=getattr(each, "purpose", "") or "",
                goes_on_with=each.acknowledged,
            )
            for each in entries
            if each.reads(contract)
        )
        for contract in contracts
    }


def read_sights(
    root: Path, contracts: Iterable[Contract]
) -> Mapping[str, tuple[Sight, ...]] | None:
    """Who may see what by the access rules; None where there are none, or not in order.

    Raises:
        MeshError: A file of the rules cannot be read.
    """
    try:
        from mesh.access.decide import decide
        from mesh.access.source import read_source
    except ImportError:
        return None
    if not (root / "access" / "roles.yml").is_file():
        return None
    roles = read_source(root).roles
    by_table: dict[str, list[Sight]] = {}
    for grant in decide(root).policy.grants:
        how = {name: each for name, each in grant.columns.items() if each.how != "clear"}
        by_table.setdefault(grant.name, []).append(
            Sight(
                role=grant.role,
                access="read",
                description=roles[grant.role].description if grant.role in roles else "",
                rows=" ".join(grant.keep.split()),
                how={name: each.mask or each.how for name, each in how.items()},
            )
        )
    return {
        c.address: tuple(by_table.get(c.table.physical_name, ())) for c in contracts if c.tables
    }


def snippets(contracts: Iterable[Contract]) -> Mapping[str, Mapping[str, str]]:
    """Ready-to-run access to each product by tool; empty without the tool that writes it."""
    try:
        from mesh.contracts.snippets import Place
        from mesh.contracts.snippets import snippets as written
    except ImportError:
        return {}
    found = {}
    for contract in contracts:
        if contract.tables:
            schema, _, table = contract.table.physical_name.rpartition(".")
            found[contract.address] = written(Place("lake", schema, table, "main"))
    return found


def migrations(root: Path, contracts: Iterable[Contract]) -> Mapping[str, str]:
    """How to leave each version that has a successor; empty without the tool that writes it."""
    try:
        from mesh.contracts.migration import migration_note
    except ImportError:
        return {}
    newest: dict[tuple[str, str], int] = {}
    for contract in contracts:
        newest[contract.key[:2]] = max(contract.major, newest.get(contract.key[:2], 0))
    found = {}
    for contract in contracts:
        major = newest[contract.key[:2]]
        if contract.major < major:
            successor = contract.address.rpartition("/v")[0] + f"/v{major}"
            found[contract.address] = migration_note(root, successor, contract.major)
    return found

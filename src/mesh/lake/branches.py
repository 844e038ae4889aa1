"""Branches: every build works on its own, seen through a Trino catalog of its own."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.lake.catalogs import catalogs, create_catalog, drop_catalog, ensure_catalog
from mesh.lake.commits import Detailed, Reference
from mesh.lake.lock import occupant, occupy, publisher, vacate
from mesh.lake.names import (
    BUILD_CATALOG,
    DEV,
    EVIDENCE,
    EVIDENCE_CATALOG,
    MAIN,
    identifier,
    release_number,
    run_started_at,
)
from mesh.lake.nessie import Conflict, Nessie

BranchKind = Literal["build", "ci"]
STANDING = (MAIN, DEV, EVIDENCE)


@dataclass(frozen=True)
class Branch:
    """A branch of one run."""

    name: str
    kind: BranchKind
    run_id: str
    catalog: str
    """The Trino catalog that shows it."""
    base: str
    """The commit it was opened from."""


@dataclass(frozen=True)
class BranchState:
    """A branch as `./mesh branches` shows it."""

    name: str
    kind: str
    """main, dev, evidence, build, ci or other."""
    state: Literal["standing", "in use", "kept"]
    created_at: datetime | None
    """Start of its run; of a standing branch the time of its last commit."""
    ahead: int
    """Commits that main does not have."""
    hash: str

    @property
    def age_hours(self) -> float | None:
        """Hours since ``created_at``."""
        if self.created_at is None:
            return None
        return (datetime.now(UTC) - self.created_at).total_seconds() / 3600


def open_branch(
    lake: Lake, kind: BranchKind, run_id: str, catalog: str | None = None, *, start: str = MAIN
) -> Branch:
    """Open a branch from what is published now, with its Trino catalog made anew.

    The branch counts as in use until this process ends, publishes it or drops it.

    Args:
        lake: The lake.
        kind: ``build`` for a run that publishes, ``ci`` for one that never does.
        run_id: The run's id, see :func:`mesh.lake.names.new_run_id`.
        catalog: The catalog's name; ``build``, or ``ci_<run id>``, when not given.
        start: The branch to start from.
    """
    catalog = catalog or catalog_of(kind, run_id)
    identifier(catalog)
    name = f"{kind}-{run_id}"
    occupy(name, run_id)  # first, so that no `clean` finds it unused
    with Nessie.of(lake) as nessie:
        try:
            ref = nessie.create(name, "BRANCH", nessie.get(start).hash)
            create_catalog(lake, catalog, name)
        except BaseException:
            _forget(nessie, name)
            raise
    return Branch(name, kind, run_id, catalog, ref.hash)


def catalog_of(kind: str, run_id: str) -> str:
    """The catalog a branch of this kind is seen through."""
    return BUILD_CATALOG if kind == "build" else f"{kind}_{run_id.replace('-', '_')}"


def drop_branch(lake: Lake, branch: Branch) -> None:
    """Drop a branch and its catalog; what main has from it stays."""
    drop_catalog(lake, branch.catalog)
    with Nessie.of(lake) as nessie:
        ref = nessie.find(branch.name)
        if ref:
            nessie.delete(ref)
    vacate(branch.name)


def attached_catalog(name: str) -> str:
    """The catalog through which branch or release ``name`` is seen once it is attached."""
    return name.lower().replace("-", "_").replace(".", "_")


def attach(lake: Lake, name: str) -> str:
    """Make a catalog that shows branch or release ``name`` and return the catalog's name.

    The catalog has the reference's name with underscores. A catalog over a release never changes,
    so queries that read several tables through it see one release whatever is published meanwhile.

    Raises:
        LakeError: There is no such reference, or the name is one of the standing catalogs'.
    """
    catalog = attached_catalog(name)
    if catalog in (*standing_catalogs(lake), BUILD_CATALOG):
        raise LakeError(
            f"catalog {catalog} has its own branch and cannot show {name}",
            expected="a build's or check's branch, or a release",
        )
    with Nessie.of(lake) as nessie:
        if nessie.find(name) is None:
            known = sorted(ref.name for ref in nessie.references())
            near = difflib.get_close_matches(name, known, 1)
            raise LakeError(
                f"there is no branch or release {name}",
                expected=f"one of {len(known)}" + (f", as {near[0]}" if near else ""),
                hint="`./mesh branches` and `./mesh releases` list them",
            )
    create_catalog(lake, catalog, name)
    return catalog


def ensure_standing(lake: Lake) -> None:
    """Make the branches main, dev and elementary and their catalogs where they are missing.

    Trino keeps its catalogs in memory, so they are gone after its restart; what they show is not.
    """
    with Nessie.of(lake) as nessie:
        have = {ref.name: ref for ref in nessie.references()}
        begin = _begun(nessie, have[MAIN])
        for name in (DEV, EVIDENCE):
            if name not in have:
                with suppress(Conflict):
                    nessie.create(name, "BRANCH", begin.hash)
    present = catalogs(lake)
    for catalog, ref in standing_catalogs(lake).items():
        if catalog not in present:
            ensure_catalog(lake, catalog, ref)


def standing_catalogs(lake: Lake) -> Mapping[str, str]:
    """The catalogs that always exist, each with the branch it shows."""
    return {lake.catalog: MAIN, DEV: DEV, EVIDENCE_CATALOG: EVIDENCE}


def branches(lake: Lake) -> list[BranchState]:
    """All branches, the standing ones first, then by age, youngest first."""
    publishing = publisher()
    with Nessie.of(lake) as nessie:
        found = [
            _state(raw, publishing.branch if publishing else None)
            for raw in nessie.detailed("BRANCH")
        ]
    epoch = datetime.fromtimestamp(0, UTC)
    found.sort(key=lambda state: state.created_at or epoch, reverse=True)
    order = {name: place for place, name in enumerate(STANDING)}
    return sorted(found, key=lambda state: order.get(state.name, len(order)))


def refresh_dev(lake: Lake, force: bool = False) -> bool:
    """Set dev to what is published now; its tables are then main's.

    Returns:
        Whether dev moved.

    Raises:
        LakeError: dev has work of its own and ``force`` is False.
    """
    with Nessie.of(lake) as nessie:
        dev, main = nessie.get(DEV), nessie.get(MAIN)
        if dev.hash == main.hash:
            return False
        if not force and has_own_work(nessie, dev, main):
            raise LakeError(
                "branch dev holds work that main does not have",
                hint="`./mesh branches --refresh dev --force` gives that work up",
            )
        nessie.assign(dev, main.hash)
        return True


def follow_main(nessie: Nessie) -> None:
    """Set dev to main unless it holds work of its own; called whenever main moved."""
    dev, main = nessie.get(DEV), nessie.get(MAIN)
    if dev.hash != main.hash and not has_own_work(nessie, dev, main):
        with suppress(Conflict):
            nessie.assign(dev, main.hash)


def has_own_work(nessie: Nessie, ref: Reference, main: Reference) -> bool:
    """Whether ``ref`` holds anything else than the commit of main or of a release it began at.

    After a rollback dev still stands at the release that was left: that is nobody's work. Neither
    is what dbt's unit tests leave, a table made and dropped again.
    """
    known = {tag.hash for tag in nessie.references() if release_number(tag.name)}
    known |= {commit.hash for commit in nessie.log(f"@{main.hash}")}
    begun = next((each.hash for each in nessie.log(f"@{ref.hash}") if each.hash in known), None)
    return begun is None or bool(nessie.diff(f"@{begun}", f"@{ref.hash}"))


def _forget(nessie: Nessie, name: str) -> None:
    """Undo the opening of a branch as far as that is possible."""
    vacate(name)
    with suppress(LakeError):
        if ref := nessie.find(name):
            nessie.delete(ref)


def _begun(nessie: Nessie, main: Reference) -> Reference:
    """Main with at least one commit: Nessie merges only where both sides share one."""
    if next(nessie.log(MAIN, 1), None) is None:
        with suppress(Conflict):
            nessie.put_namespace(main, "platform", "Begin")
    return nessie.get(MAIN)


def _state(raw: Detailed, publishing: str | None) -> BranchState:
    name = raw.ref.name
    in_use = name == publishing or occupant(name) is not None
    kinds = {MAIN: "main", DEV: "dev", EVIDENCE: "evidence"}
    kind = kinds.get(name) or name.partition("-")[0]
    return BranchState(
        name=name,
        kind=kind if kind in {*kinds.values(), "build", "ci"} else "other",
        state="standing" if name in STANDING else "in use" if in_use else "kept",
        created_at=run_started_at(name) or (raw.head.committed_at if raw.head else None),
        ahead=raw.ahead,
        hash=raw.ref.hash,
    )

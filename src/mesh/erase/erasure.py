"""`mesh erase`: plan, carry out, prove, and write down what was done.

Every step looks at what is there instead of at what an earlier attempt remembered, so an erasure
that was cut off is finished by asking for it again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from mesh.build.context import Options, Scope
from mesh.build.docs import site_dir
from mesh.build.run import run
from mesh.core.console import Steps, info
from mesh.core.errors import LakeError
from mesh.core.paths import ROOT, state_dir
from mesh.core.secrets import secrets, write_private
from mesh.core.settings import Lake
from mesh.erase import landing, plan
from mesh.erase.plan import CACHES, Plan
from mesh.erase.subject import Subject, find
from mesh.lake.branches import branches
from mesh.lake.clean import clean
from mesh.lake.files import drop_files, stored_runs
from mesh.lake.lock import publisher_lock
from mesh.lake.names import new_run_id
from mesh.lake.nessie import Nessie
from mesh.lake.releases import find_release, releases
from mesh.lake.sweep import Swept, sweep
from mesh.lake.trino import query
from mesh.landing import erased
from mesh.privacy.needles import SHORTEST
from mesh.privacy.search import Hit, Searcher

UNIQUE = ("id", "ssn", "drivers", "passport", "address", "first", "last", "maiden")
"""Columns of the patients' file with values that may be one person's alone."""


@dataclass(frozen=True)
class Erasure:
    """What an erasure did, and what is left. It names the person by a keyed digest only.

    Attributes:
        subject: The digest that the list of erased people holds, in hex.
        plan: Where the person was.
        release: What is live now, without the person.
        swept: The files that went; None where a branch in use forbade it.
        searched: By what names values of the person were searched for.
        hits: Where one was found; empty when the person is gone.
        holders: Branches that may hold the person still.
        steps: Seconds by step.
    """

    subject: str
    asked_at: str
    done_at: str
    plan: Plan
    release: str
    swept: Swept | None
    searched: tuple[str, ...]
    hits: tuple[Hit, ...]
    holders: dict[str, str]
    steps: tuple[tuple[str, float], ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing holds the person any more, as far as bytes can tell."""
        return self.swept is not None and not self.hits and not self.holders


def erase(lake: Lake, name: str) -> Erasure:
    """Erase a person for good.

    Args:
        lake: The lake.
        name: The identifier of the source, or a pseudonym.

    Raises:
        LakeError: Nobody is known by that name, or the lake refused; ask again to go on.
        Locked: Another publisher is at work.
        Findings: The build without the person failed; what is published is as it was.
    """
    steps, run_id, asked_at = Steps(), new_run_id(), _now()
    with publisher_lock(run_id):
        with steps.step("find the person"):
            subject = find(lake, name)
            found = plan.make(lake, subject)
            values = _values(lake, subject)
        listed = erased.digest(subject.identifier) in erased.listed(lake, "main")
        if found.is_published or not listed:
            _publish_without(subject, run_id)
        with steps.step("drop releases, branches and copies"):
            _drop_releases(lake)
            clean(lake, timedelta(0))
            if not any(state.state == "in use" for state in branches(lake)):
                _empty(state_dir() / name for name in CACHES)
        _, holders = plan.branches_of(lake, subject)
        with steps.step("delete files that nothing refers to"):
            swept = _swept(lake, run_id)
        with steps.step("search every byte"):
            hits = tuple(Searcher(values).folders(_roots()))
        live = find_release(lake, "live").tag
    done = Erasure(
        subject=subject.reference,
        asked_at=asked_at,
        done_at=_now(),
        plan=found,
        release=live,
        swept=swept,
        searched=tuple(sorted(values)),
        hits=hits,
        holders=holders,
        steps=tuple(steps.taken),
    )
    _write(done, run_id)
    if done.is_complete:
        _pending(subject).unlink(missing_ok=True)
    return done


def evidence_of(run_id: str) -> Path:
    """Where the record of an erasure lies."""
    return state_dir() / "erasures" / f"{run_id}.json"


def as_json(done: Erasure) -> dict[str, object]:
    """The record of an erasure."""
    return {**asdict(done), "is_complete": done.is_complete}


def _publish_without(subject: Subject, run_id: str) -> None:
    """Build everything from landing tables that lack the person, and publish it."""

    def prepare(lake: Lake, branch: str) -> None:
        surnames = landing.surnames_of(lake, branch, subject.identifier)
        erased.add(lake, branch, subject.identifier, surnames)
        taken = landing.take_out(lake, branch)
        info(f"    {sum(taken.values()):,} rows of {len(taken)} files taken out")

    scope = Scope(land=False, always=True)
    run(Options(full_refresh=True, scope=scope, prepare=prepare), run_id)


def _drop_releases(lake: Lake) -> None:
    """Delete every tag but the live release's, and the files stored with those releases."""
    live = find_release(lake, "live")
    stored = {each.run_id for each in releases(lake) if not each.live} & stored_runs(lake)
    with Nessie.of(lake) as nessie:
        for ref in nessie.references():
            if ref.kind == "TAG" and ref.name != live.tag:
                nessie.delete(ref)
    for run_id in stored - {live.run_id}:
        drop_files(lake, run_id)


def _empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        if folder.is_dir():
            shutil.rmtree(folder)


def _swept(lake: Lake, run_id: str) -> Swept | None:
    try:
        swept = sweep(lake, run_id)
    except LakeError as error:
        info(f"    not yet: {error.message}")
        return None
    info(f"    {swept.deleted:,} files, {swept.deleted_bytes / 1e6:.1f} MB")
    return swept


def _values(lake: Lake, subject: Subject) -> dict[str, str]:
    """What the bytes are searched for: pseudonyms, and what only this person has.

    Once the person is out of the lake, it cannot be asked for their values again. So they are
    kept, enciphered, until the erasure is complete.
    """
    values = {f"pseudonym of {name}": value for name, value in subject.pseudonyms.items()}
    values["identifier"] = subject.identifier
    columns = ", ".join(f'"{name}"' for name in UNIQUE)
    rows = query(lake, f"select {columns} from patients_landing.synthea_patients", lake.catalog)  # noqa: S608  # constants
    staff = query(lake, "select name from medical_landing.synthea_providers", lake.catalog)
    elsewhere = " ".join(name for (name,) in staff if name)
    about = [row for row in rows if row[0] == subject.identifier]
    for place, column in enumerate(UNIQUE):
        own = {str(row[place]) for row in about if row[place]}
        others = {row[place] for row in rows if row[0] != subject.identifier}
        for number, value in enumerate(sorted(own - others), 1):
            if len(value) >= SHORTEST and value not in elsewhere:
                values[f"{column} {number}"] = value
    pending = _pending(subject)
    if pending.exists():
        values |= json.loads(_cipher().decrypt(pending.read_bytes()))
    pending.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(pending, _cipher().encrypt(json.dumps(values).encode()).decode())
    return values


def _pending(subject: Subject) -> Path:
    return state_dir() / "erasures" / f"{subject.reference}.pending"


def _cipher() -> Fernet:
    key = hmac.digest(secrets().pseudonym_key("patients"), b"mesh: pending erasure", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))


def _roots() -> list[Path]:
    """All folders that this checkout writes to."""
    own = (ROOT / name for name in ("target", "logs", "dbt_packages"))
    return [path for path in (state_dir(), site_dir(), *own) if path.exists()]


def _write(done: Erasure, run_id: str) -> None:
    path = evidence_of(run_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(path, json.dumps(as_json(done), indent=2, default=str) + "\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

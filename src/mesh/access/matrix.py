"""Who sees what, as a table: of the rules that are in force, or of a change between two."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from mesh.access.decide import decide
from mesh.access.policy import Policy
from mesh.core.errors import InputError
from mesh.core.git import blobs, commit_of, write_tree
from mesh.core.paths import ROOT

_OPENNESS = {"hidden": 0, "masked": 1, "clear": 2}


@dataclass(frozen=True, order=True)
class Cell:
    """How a role sees a column of a table.

    ``column`` is ``*`` for all columns of a table whose columns are not listed; ``how`` is
    ``clear``, ``masked`` or ``hidden``, ``rows`` the condition on rows.
    """

    role: str
    table: str
    product: str
    column: str
    class_: str
    how: str
    mask: str = ""
    expression: str = ""
    rows: str = ""

    def as_json(self) -> dict[str, str]:
        """As an object of the JSON output."""
        found = asdict(self)
        return {name.rstrip("_"): value for name, value in found.items()}

    @property
    def says(self) -> str:
        """``clear``, ``hidden`` or ``masked: NAME``, and that rows are filtered."""
        text = f"masked: {self.mask or self.expression}" if self.how == "masked" else self.how
        return f"{text}, filtered" if self.rows and self.how != "hidden" else text


def cells(policy: Policy) -> Iterator[Cell]:
    """A cell for each role, table and column that is granted; the rest is denied."""
    for grant in policy.grants:
        if not grant.columns:
            yield Cell(grant.role, grant.name, grant.product, "*", "", "clear", rows=grant.keep)
        for name, each in grant.columns.items():
            yield Cell(
                grant.role,
                grant.name,
                grant.product,
                name,
                grant.classes[name],
                each.how,
                each.mask,
                each.expression,
                grant.keep,
            )


@dataclass(frozen=True, order=True)
class Difference:
    """What a change does to a role and a column: ``opens``, ``closes`` or ``alters``."""

    effect: str
    role: str
    table: str
    column: str
    before: str
    after: str


def compare(old: Policy, new: Policy) -> list[Difference]:
    """What is open now and was not, or the other way round; what opens comes first."""
    before = {(c.role, c.table, c.column): c for c in cells(old)}
    after = {(c.role, c.table, c.column): c for c in cells(new)}
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if effect := _effect(was, now):
            words = [each.says if each else "denied" for each in (was, now)]
            found.append(Difference(effect, *key, *words))
    order = {"opens": 0, "alters": 1, "closes": 2}
    return sorted(found, key=lambda each: (order[each.effect], each))


def _effect(was: Cell | None, now: Cell | None) -> str:
    old = _OPENNESS[was.how] if was else 0
    new = _OPENNESS[now.how] if now else 0
    if old != new:
        return "opens" if new > old else "closes"
    if was is None or now is None or old == 0:
        return ""
    if was.rows != now.rows:
        return "closes" if not was.rows else "opens" if not now.rows else "alters"
    return "alters" if was.expression != now.expression else ""


def policy_at(base: str, root: Path = ROOT) -> Policy:
    """The policy as it was at a commit.

    Raises:
        InputError: It had no access rules.
        MeshError: There is no such commit.
    """
    commit = commit_of(root, base)
    if not blobs(root, commit, "access"):
        raise InputError(
            f"{base} has no access rules",
            expected="a branch, tag or commit with the folder access/",
        )
    with tempfile.TemporaryDirectory() as folder:
        write_tree(root, commit, Path(folder), "access", "contracts", "models")
        return decide(Path(folder)).policy


def as_json(policy: Policy) -> str:
    """All cells as one JSON document."""
    return json.dumps([cell.as_json() for cell in cells(policy)], indent=2)

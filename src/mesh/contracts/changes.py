"""What changed between two contracts of one product, and how bad that is for who reads it.

A change is ``breaking`` when a reader that did nothing wrong can fail or be misled, ``risky`` when
one might, ``safe`` otherwise. The table :data:`STEPS` says which step of the version that takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mesh.contracts.column_changes import column_changes, key_changes
from mesh.contracts.fact_changes import UNITS, fact_changes
from mesh.contracts.level_changes import level_changes
from mesh.contracts.model import Contract
from mesh.contracts.people_changes import owner_changes, role_changes, status_changes
from mesh.contracts.place_changes import paired_tables, place_changes
from mesh.contracts.raw_change import Raw, words
from mesh.contracts.rule_changes import table_rules
from mesh.contracts.supply_changes import relationship_changes
from mesh.contracts.versions import is_pre_release, precedence, step_between

STEPS = {"breaking": "major", "risky": "minor", "safe": "minor"}
"""The step that a class of change takes; words alone take a patch."""
TOLD = {
    "apiVersion", "customProperties", "description", "domain", "id", "kind", "name", "price",
    "roles", "schema", "servers", "slaProperties", "status", "support", "team", "version",
}  # fmt: skip
"""Fields of a contract that a comparison of their own looks at, or that promise nothing."""
PROMISES = {
    "customProperties[outputPort]": ("output_port_changed", "breaking"),
    **{f"customProperties[{unit}]": ("unit_changed", "breaking") for unit in UNITS},
    "slaDefaultElement": ("service_level_changed", "risky"),
}
"""Other facts of a contract that readers rely on, by what a change of them is; the rest is safe."""
PARTS = {
    "customProperties": ("sampleQueries",),
    "description": (),
    "roles": (),
    "servers": (),
    "slaProperties": (),
    "team": (),
}
"""Parts of a contract of which no change goes untold, and what else a change of one is about."""
ORDER = ("none", "patch", "minor", "major")


@dataclass(frozen=True)
class Change:
    """One change of a product.

    Args:
        product: The product's address.
        element: The column, rule, service level or part of the contract that changed.
        change: What happened to it, as ``column_dropped``.
        kind: Its class: breaking, risky or safe.
        required_step: The step of the version that it takes: major, minor, patch or none.
        step_ok: Whether the version took such a step, or a larger one.
        message: What happened, in a sentence.
        columns: The columns that readers have to have used to notice; empty for all readers.
        hurt: Who notices.
    """

    product: str
    element: str
    change: str
    kind: str
    required_step: str
    step_ok: bool
    message: str
    columns: tuple[str, ...] = ()
    hurt: tuple[str, ...] = field(default=())
    file: str = ""

    def lines(self) -> list[str]:
        """As lines for a terminal."""
        verdict = "" if self.step_ok else f", needs a {self.required_step} step of the version"
        return [
            f"{self.product} {self.element}: {self.kind}: {self.change}",
            f"  {self.message}{verdict}",
            *(f"  hurts: {name}" for name in self.hurt),
        ]

    def as_json(self) -> dict[str, object]:
        """As an object of the JSON output."""
        return {
            "product": self.product,
            "element": self.element,
            "change": self.change,
            "class": self.kind,
            "required_step": self.required_step,
            "step_ok": self.step_ok,
            "hurt": list(self.hurt),
            "message": self.message,
        }


def compare(old: Contract, new: Contract) -> list[Change]:
    """The changes from one contract to another of the same product, the worst first."""
    taken = _step(old, new)
    found = list(_changes(old, new))
    changes = [
        Change(
            product=new.address,
            element=raw.element,
            change=raw.change,
            kind=raw.kind,
            required_step=_required(raw, old),
            step_ok=taken != "back" and ORDER.index(taken) >= ORDER.index(_required(raw, old)),
            message=raw.message,
            columns=raw.columns,
            file=new.file,
        )
        for raw in found
    ]
    if taken == "back":
        changes.append(_back(old, new))
    elif is_pre_release(new.version) and not is_pre_release(old.version):
        changes.append(_unstable(old, new, taken))
    severity = {"breaking": 0, "risky": 1, "safe": 2}
    return sorted(changes, key=lambda c: (severity[c.kind], c.element, c.change))


def _step(old: Contract, new: Contract) -> str:
    """The step that a version took; of a pre-release nothing was promised, so any step will do."""
    later = precedence(new.version) > precedence(old.version)
    if is_pre_release(old.version) and later:
        return "major"
    return step_between(old.version, new.version)


def _required(raw: Raw, old: Contract) -> str:
    """The step that a change takes; before 1.0.0 a minor step may break."""
    step = raw.step or STEPS[raw.kind]
    return "minor" if step == "major" and old.version.startswith("0.") else step


def _back(old: Contract, new: Contract) -> Change:
    message = f"the version went back from {old.version} to {new.version}"
    return Change(
        new.address,
        "version",
        "version_lowered",
        "breaking",
        "major",
        False,
        message,
        file=new.file,
    )


def _unstable(old: Contract, new: Contract, taken: str) -> Change:
    message = (
        f"{old.version} was a release, {new.version} is a pre-release, of which nothing is promised"
    )
    return Change(
        new.address, "version", "version_unstable", "breaking", "major", taken == "major", message,
        file=new.file,
    )  # fmt: skip


def _changes(old: Contract, new: Contract) -> Iterator[Raw]:
    found = [*_known_changes(old, new)]
    yield from found
    for part, others in PARTS.items():
        told = any(raw.element.startswith((part, *others)) for raw in found)
        if not told and _settled(old.raw.get(part)) != _settled(new.raw.get(part)):
            yield Raw(part, "reworded", "safe", f"{part} is in other words", step="patch")


def _settled(value: object) -> object:
    """A value for comparing: neither blanks of a text nor the order of a list count."""
    if isinstance(value, Mapping):
        return {name: _settled(each) for name, each in value.items()}
    if isinstance(value, list):
        told = (_settled(each) for each in value if not _is_address(each))
        return sorted(json.dumps(each, sort_keys=True, default=str) for each in told)
    return words(value) if isinstance(value, str) else value


def _is_address(entry: object) -> bool:
    """Whether it is the property that says again what domain, name and version make."""
    return isinstance(entry, Mapping) and entry.get("property") == "address"


def _known_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    yield from place_changes(old, new)
    pairs = paired_tables(old, new)
    for before, after in pairs:
        if after is None:
            said = f"the table {before.name} is gone"
            columns = tuple(c.name for c in before.columns)
            yield Raw(before.name, "table_dropped", "breaking", said, columns)
            continue
        yield from key_changes(before, after)
        yield from column_changes(before.columns, after.columns)
        yield from table_rules(before, after)
        yield from relationship_changes(before, after, "table")
        yield from fact_changes(before, after, "table")
        yield from _table_words(before, after)
    kept = {after.name for _, after in pairs if after is not None}
    for table in new.tables:
        if table.name not in kept:
            yield Raw(table.name, "table_added", "safe", f"the table {table.name} is new")
    yield from level_changes(old, new)
    yield from status_changes(old, new)
    yield from owner_changes(old, new)
    yield from role_changes(old, new)
    yield from _texts(old, new)


def _table_words(before: object, after: object) -> Iterator[Raw]:
    for name, change in (("business_name", "meaning_changed"), ("description", "reworded")):
        old, new = getattr(before, name), getattr(after, name)
        if words(old) == words(new):
            continue
        element = {"business_name": "businessName"}.get(name, name)
        if change == "meaning_changed" and old:
            yield Raw(element, change, "risky", f"the table is called {new!r}, not {old!r}")
        else:
            yield Raw(
                element, "reworded", "safe", "the table is described in other words", step="patch"
            )


def _texts(old: Contract, new: Contract) -> Iterator[Raw]:
    for part in ("purpose", "limitations", "usage"):
        before, after = words(old.description.get(part)), words(new.description.get(part))
        if before != after:
            yield Raw(
                f"description.{part}",
                "reworded",
                "safe",
                f"the {part} is in other words",
                step="patch",
            )
    yield from _facts(old, new)
    if old.custom.get("sampleQueries") != new.custom.get("sampleQueries"):
        yield Raw(
            "sampleQueries", "examples_changed", "safe", "the sample queries changed", step="patch"
        )
    if dict(old.price) != dict(new.price):
        yield Raw("price", "price_changed", "risky", "what it costs changed")
    if old.support != new.support:
        gone = {str(s.get("channel")) for s in old.support} - {
            str(s.get("channel")) for s in new.support
        }
        kind = "risky" if gone else "safe"
        yield Raw(
            "support",
            "support_changed",
            kind,
            "the support channels changed",
            step="minor" if gone else "patch",
        )


def _facts(old: Contract, new: Contract) -> Iterator[Raw]:
    """What else stands in a contract."""
    before, after = _stated(old), _stated(new)
    for element in sorted(before.keys() | after.keys()):
        was, is_ = before.get(element), after.get(element)
        if was == is_:
            continue
        said = f"{element} was {was!r}, is {is_!r}"
        if was and element in PROMISES:
            yield Raw(element, *PROMISES[element], said)
        else:
            yield Raw(element, "fact_changed", "safe", said, step="patch")


def _stated(contract: Contract) -> dict[str, object]:
    """The fields and custom properties that no other comparison looks at."""
    fields: dict[str, object] = {str(k): v for k, v in contract.raw.items() if k not in TOLD}
    own = {k: v for k, v in contract.custom.items() if k not in ("sampleQueries", "address")}
    return fields | {f"customProperties[{name}]": value for name, value in own.items()}

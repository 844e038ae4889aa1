"""What changed between two contracts of one product, and how bad that is for who reads it.

A change is ``breaking`` when a reader that did nothing wrong can fail or be misled, ``risky`` when
one might, ``safe`` otherwise. The table :data:`STEPS` says which step of the version that takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mesh.contracts.column_changes import column_changes, key_changes
from mesh.contracts.level_changes import level_changes
from mesh.contracts.model import Contract
from mesh.contracts.people_changes import owner_changes, role_changes, status_changes
from mesh.contracts.raw_change import Raw, words
from mesh.contracts.rule_changes import table_rules
from mesh.contracts.supply_changes import relationship_changes
from mesh.contracts.versions import is_pre_release, step_between

STEPS = {"breaking": "major", "risky": "minor", "safe": "minor"}
"""The step that a class of change takes; words alone take a patch."""
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
    taken = step_between(old.version, new.version)
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
        changes.append(_unstable(old, new))
    severity = {"breaking": 0, "risky": 1, "safe": 2}
    return sorted(changes, key=lambda c: (severity[c.kind], c.element, c.change))


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


def _unstable(old: Contract, new: Contract) -> Change:
    message = (
        f"{old.version} was a release, {new.version} is a pre-release, of which nothing is promised"
    )
    return Change(
        new.address, "version", "version_unstable", "breaking", "major", False, message,
        file=new.file,
    )  # fmt: skip


def _changes(old: Contract, new: Contract) -> Iterator[Raw]:
    yield from _places(old, new)
    for before in old.tables:
        after = next((t for t in new.tables if t.name == before.name), None)
        if after is None and len(old.tables) == len(new.tables) == 1:
            after = new.tables[0]
        if after is None:
            yield Raw(
                before.name,
                "table_dropped",
                "breaking",
                f"the table {before.name} is gone",
                tuple(c.name for c in before.columns),
            )
            continue
        yield from key_changes(before, after)
        yield from column_changes(before.columns, after.columns)
        yield from table_rules(before, after)
        yield from relationship_changes(before, after, "table")
        yield from _table_words(before, after)
    known = {table.name for table in old.tables}
    for table in new.tables if len(new.tables) > len(old.tables) else ():
        if table.name not in known:
            yield Raw(table.name, "table_added", "safe", f"the table {table.name} is new")
    yield from level_changes(old, new)
    yield from status_changes(old, new)
    yield from owner_changes(old, new)
    yield from role_changes(old, new)
    yield from _texts(old, new)


def _places(old: Contract, new: Contract) -> Iterator[Raw]:
    """Where a reader finds the product: its address, its table, its server."""
    for element, before, after in (
        ("domain", old.domain, new.domain),
        ("name", old.product, new.product),
    ):
        if before != after:
            yield Raw(
                element,
                "address_moved",
                "breaking",
                f"{element} went from {before!r} to {after!r}, so the address moves",
            )
    same_major = old.major == new.major
    for before_t, after_t in zip(old.tables, new.tables, strict=False):
        if before_t.physical_name.lower() != after_t.physical_name.lower() and same_major:
            yield Raw(
                "physicalName",
                "table_moved",
                "breaking",
                f"the table moved from {before_t.physical_name} to {after_t.physical_name}",
            )
    before_s, after_s = _servers(old), _servers(new)
    for name in sorted(before_s):
        if name not in after_s:
            yield Raw(
                f"servers[{name}]", "server_dropped", "breaking", f"the server {name} is gone"
            )
        elif before_s[name] != after_s[name]:
            yield Raw(
                f"servers[{name}]",
                "server_moved",
                "breaking",
                f"the server {name} is reached otherwise",
            )
        if name in after_s:
            yield from _environment(old, new, name)
    for name in sorted(set(after_s) - set(before_s)):
        yield Raw(f"servers[{name}]", "server_added", "safe", f"the server {name} is new")


def _environment(old: Contract, new: Contract, name: str) -> Iterator[Raw]:
    """The environment of a server: production turned into a test is other data."""
    before, after = (_environment_of(each, name) for each in (old, new))
    if before == after:
        return
    said = f"the server {name} was {before or 'of no named environment'}, is {after or 'of none'}"
    if before:
        yield Raw(f"servers[{name}]", "environment_changed", "breaking", said)
    else:
        yield Raw(f"servers[{name}]", "reworded", "safe", said, step="patch")


def _environment_of(contract: Contract, name: str) -> str:
    found = contract.raw.get("servers")
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping) and str(each.get("server")) == name:
            return words(each.get("environment")).lower()
    return ""


def _servers(contract: Contract) -> dict[str, Mapping[str, object]]:
    found = contract.raw.get("servers")
    described = {"description", "roles", "customProperties", "id", "environment"}
    return {
        str(each.get("server")): {k: v for k, v in each.items() if k not in described}
        for each in (found if isinstance(found, list) else ())
        if isinstance(each, Mapping)
    }


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
    known = {"sampleQueries", "address"}
    for name in sorted((set(old.custom) | set(new.custom)) - known):
        if old.custom.get(name) != new.custom.get(name):
            yield Raw(
                f"customProperties[{name}]",
                "fact_changed",
                "safe",
                f"{name} was {old.custom.get(name)!r}, is {new.custom.get(name)!r}",
                step="patch",
            )
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

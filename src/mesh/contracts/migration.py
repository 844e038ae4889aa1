"""The note for consumers who move from one version of a product to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mesh.contracts.address import pick
from mesh.contracts.changes import Change, compare
from mesh.contracts.consumers import FILE, Consumer, read_consumers
from mesh.contracts.model import Contract
from mesh.contracts.project import readable_contracts
from mesh.core.errors import InputError


def migration_note(root: Path, product: str, from_version: int | None = None) -> str:
    """The note as Markdown, made from the two contracts.

    Args:
        root: The project.
        product: The product, by address or name.
        from_version: The major version to leave; the one before by default.

    Raises:
        InputError: The product has no other version.
    """
    contracts = readable_contracts(root)
    new = pick(product, contracts)
    others = sorted((c for c in contracts if c.key[:2] == new.key[:2]), key=lambda c: c.major)
    new = others[-1] if from_version is None and new.major != others[-1].major else new
    earlier = [c for c in others if c.major < new.major]
    old = next((c for c in earlier if c.major == from_version), None)
    if from_version is None and earlier:
        old = earlier[-1]
    if old is None:
        versions = ", ".join(c.address for c in others)
        raise InputError(
            f"{new.address} has no earlier version to move from",
            expected=f"a product with two versions; there is {versions}",
        )
    consumers, _ = read_consumers(root)
    return "\n".join(_note(old, new, [c for c in consumers if c.reads(old)])) + "\n"


def _note(old: Contract, new: Contract, consumers: list[Consumer]) -> Iterator[str]:
    changes = compare(old, new)
    end = old.deprecation_date
    yield f"# {new.table.business_name or new.product}: from v{old.major} to v{new.major}"
    yield ""
    until = f" until {end}" if end else ""
    yield (
        f"`{old.address}` ({old.table.physical_name}) is built and tested{until}. "
        f"Its successor is `{new.address}` ({new.table.physical_name}). Both can be read now."
    )
    reason = str(new.custom.get("reason") or "").strip()
    if reason:
        yield from ("", f"**Why.** {reason}")
    yield from _section("What you have to change", [c for c in changes if c.kind == "breaking"])
    yield from _section("What you should look at", [c for c in changes if c.kind == "risky"])
    yield from _section("What is new", [c for c in changes if c.change.endswith("_added")])
    yield from _query(old, new, changes)
    yield from ("", "## Who is concerned", "")
    if not consumers:
        yield f"Nobody is registered for v{old.major} in `{FILE}`."
    for consumer in consumers:
        left = consumer.left_behind(old, (old, new))
        done = "has not acknowledged yet" if left else "has acknowledged"
        yield f"- {consumer.name}, {consumer.contact}: {done}"
    yield from ("", f"Questions: {', '.join(str(s.get('channel')) for s in new.support)}.")


def _section(title: str, changes: list[Change]) -> Iterator[str]:
    if changes:
        yield from ("", f"## {title}", "")
        yield from (f"- {change.message}" for change in changes)


def _query(old: Contract, new: Contract, changes: list[Change]) -> Iterator[str]:
    """A query on the new table that gives the columns of the old one, as far as they are there."""
    renamed = {}
    for change in changes:
        if change.change == "column_renamed":
            renamed[change.element] = change.message.split(" is called ")[1].split(" ")[0]
    lines = []
    for column in old.table.columns:
        name = renamed.get(column.name, column.name)
        if new.table.column(name) is None:
            lines.append(f"    -- {column.name} is gone")
        else:
            alias = f" as {column.name}" if name != column.name else ""
            lines.append(f"    {name}{alias},")
    last = max((i for i, line in enumerate(lines) if line.endswith(",")), default=None)
    if last is None:
        return
    lines[last] = lines[last].removesuffix(",")
    yield from ("", "## The old columns from the new table", "", "```sql", "select")
    yield from lines
    yield from (f"from {new.table.physical_name}", "```")

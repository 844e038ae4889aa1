"""The rules of a single contract that its JSON schema does not state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mesh.contracts.characters import texts_are_printable
from mesh.contracts.model import COMPARISONS
from mesh.contracts.trino_types import UnknownType, known_elsewhere, parse_type
from mesh.core.printable import shortened

if TYPE_CHECKING:
    from mesh.contracts.document import Key
    from mesh.contracts.lint import Look

Path = tuple["Key", ...]

SEMVER = re.compile(
    r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})"
    r"(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)
"""Semantic Versioning 2.0.0."""
TEST = re.compile(r"[A-Za-z_]\w{0,200}(\.[A-Za-z_]\w{0,200})?")
"""The name of a generic test of dbt, with its package."""
MAX_ELEMENT = 10_000
"""Characters of the names that a service level may be about."""
LOGICAL = ("string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean")
STATUSES = ("proposed", "draft", "active", "deprecated", "retired")
KINDS = ("library", "sql", "text", "custom")
METRICS = ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount")
OLD_METRICS = (
    "duplicateCount", "validValues", "nullCheck", "rowCount", "uniqueCheck", "freshnessCheck",
    "duplicatePercent", "nullPercent", "missingCount",
)  # fmt: skip
"""Names under ``rule`` that contracts of the standard 3.0 use."""
NAMED = (
    ("servers", "server", "server"),
    ("roles", "role", "role"),
    ("customProperties", "custom property", "property"),
)
"""Lists of a contract, what an entry is, and the field with its name."""
DATED_LEVELS = ("generalavailability", "endofsupport", "endoflife")
UNITS = (
    "d", "day", "days", "y", "yr", "year", "years", "h", "hr", "hour", "hours", "m", "min", "mins",
    "minute", "minutes", "s", "sec", "second", "seconds", "ms", "millisecond", "milliseconds",
    "w", "week", "weeks", "mo", "month", "months", "percent", "%", "requests", "rows", "count",
    "utc", "time", "date", "datetime",
)  # fmt: skip

Rule = Callable[["Look"], None]


def _objects(raw: Any, *names: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The mappings in the list at ``names``."""
    for name in names:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    for index, each in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(each, Mapping):
            yield (*names, index), each


def _tables(look: Look) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield from _objects(look.document.data, "schema")


def _columns(raw: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The columns of a table and what is nested in them, in order."""
    for place, column in _objects(raw, "properties"):
        yield (*path, *place), column
        yield from _columns(column, (*path, *place))
    items = raw.get("items")
    if isinstance(items, Mapping):
        yield (*path, "items"), items
        yield from _columns(items, (*path, "items"))


def _all_columns(look: Look) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, table in _tables(look):
        yield from _columns(table, path)


def version_is_semantic(look: Look) -> None:
    """The version is major.minor.patch, written as text."""
    raw = look.document.data
    version = raw.get("version")
    hint = "write it as text, as version: 1.0.0"
    unasked = "version" not in raw and not look.later  # the schema says what is missing
    if not unasked and not (isinstance(version, str) and SEMVER.fullmatch(version)):
        said = repr(shortened(version) if isinstance(version, str) else version)
        found = "it has no version" if version is None else f"{said} is no semantic version"
        look.tell(
            "C301",
            ("version",),
            found,
            "major.minor.patch, as 1.4.0",
            hint,
        )


def status_is_known(look: Look) -> None:
    """The status is one that the standard names; another one is only a warning."""
    status = look.document.data.get("status")
    if isinstance(status, str) and status.lower() not in STATUSES:
        look.tell(
            "C312",
            ("status",),
            f"the status {shortened(status)!r} is not one of the standard's",
            ", ".join(STATUSES),
            "use one of them",
            severity="warning",
        )


def names_are_unique(look: Look) -> None:
    """No two tables, and no two columns of one table or object, have one name.

    Of servers, roles and custom properties the last of a name counts, so two are a warning.
    """
    _twice(look, list(_tables(look)), "C306", "table")
    for part, what, key in NAMED:
        named = list(_objects(look.document.data, part))
        _twice(look, named, "C316", what, key, severity="warning")
    groups = [(*path, "properties") for path, _ in (*_tables(look), *_all_columns(look))]
    for group in groups:
        found: Any = look.document.data
        for step in group:
            found = found[step] if not isinstance(found, Mapping) else found.get(step)
            if found is None:
                break
        entries = enumerate(found if isinstance(found, list) else ())
        columns = [((*group, i), each) for i, each in entries if isinstance(each, Mapping)]
        _twice(look, columns, "C305", "column")


def _twice(
    look: Look,
    entries: list[tuple[Path, Mapping[str, Any]]],
    code: str,
    what: str,
    key: str = "name",
    severity: str = "error",
) -> None:
    seen: dict[str, Path] = {}
    for path, entry in entries:
        name = entry.get(key)
        if not isinstance(name, str):
            continue
        first = seen.setdefault(name.lower(), path)
        if first is not path:
            line, _ = look.document.place((*first, key))
            look.tell(
                code,
                (*path, key),
                f"the {what} {shortened(name)} stands twice, first in line {line}",
                f"each {what} once",
                "remove or rename one of the two",
                severity=severity,
            )


def types_are_known(look: Look) -> None:
    """Logical types are the standard's, physical ones those of the engine; both agree."""
    strict = _is_trino(look)
    for path, column in _all_columns(look):
        logical, physical = column.get("logicalType"), column.get("physicalType")
        if isinstance(logical, str) and logical not in LOGICAL:
            look.tell(
                "C303",
                (*path, "logicalType"),
                f"the logical type {shortened(logical)!r} is not known",
                ", ".join(LOGICAL),
                look.hint(logical, LOGICAL, "choose one of them"),
            )
        if isinstance(physical, str):
            _physical(look, (*path, "physicalType"), physical, logical, strict=strict)


def _physical(look: Look, path: Path, physical: str, logical: Any, *, strict: bool) -> None:
    try:
        found = parse_type(physical)
    except UnknownType as error:
        if strict or not known_elsewhere(physical):
            expected = "a type as Trino spells it" if strict else "a type of an engine"
            hint = f"{error}; see the types of the engine"
            look.tell(
                "C302", path, f"the type {shortened(physical)!r} is not known", expected, hint
            )
        return
    if strict and isinstance(logical, str) and logical in LOGICAL and not found.fits(logical):
        look.tell(
            "C304",
            path,
            f"{shortened(physical)} is no {logical}",
            f"logicalType: {found.logical}",
            "make the two agree",
        )


def _is_trino(look: Look) -> bool:
    servers = [server for _, server in _objects(look.document.data, "servers")]
    return any(server.get("type") == "trino" for server in servers)


def keys_are_in_order(look: Look) -> None:
    """Positions in the primary key count from 1 without a gap, in columns that are required."""
    for path, table in _tables(look):
        keyed = [(p, c) for p, c in _columns(table, path) if c.get("primaryKey") is True]
        if len(keyed) < 2:
            continue
        positions = [c.get("primaryKeyPosition") for _, c in keyed]
        wanted = list(range(1, len(keyed) + 1))
        if sorted(p for p in positions if isinstance(p, int)) != wanted:
            place, _ = keyed[-1]
            look.tell(
                "C309",
                place,
                f"the positions in the primary key are {positions}",
                f"{wanted}, one for each of its columns",
                "number the columns of the key",
            )


def quality_rules_are_known(look: Look) -> None:
    """A quality rule is of a known kind, measures a known metric and compares it."""
    for path, part in (*_tables(look), *_all_columns(look)):
        for place, rule in _objects(part, "quality"):
            _quality(look, (*path, *place), rule)


def _quality(look: Look, path: Path, rule: Mapping[str, Any]) -> None:
    kind = rule.get("type", "sql" if "query" in rule else "library")
    if kind not in KINDS:
        look.tell(
            "C308",
            (*path, "type"),
            f"the kind of rule {shortened(str(kind))!r} is not known",
            ", ".join(KINDS),
            "use one of them",
        )
        return
    if kind == "library":
        _metric(look, path, rule)
    if kind == "custom" and rule.get("engine") == "dbt":
        made = rule.get("implementation")
        test = made.get("test") if isinstance(made, Mapping) else made
        if not isinstance(test, str) or not TEST.fullmatch(test):
            look.tell(
                "C308",
                (*path, "implementation"),
                "the rule names no test of dbt",
                "the name of a generic test, or test and arguments",
                "as implementation: {test: is_not_negative}",
            )
    if kind in ("library", "sql") and not any(name in rule for name in COMPARISONS):
        old = kind == "library" and rule.get("rule") in OLD_METRICS
        look.tell(
            "C308",
            path,
            "the rule compares its figure with nothing",
            f"one of {', '.join(COMPARISONS)}",
            "as mustBe: 0",
            severity="warning" if old else "error",
        )


def _metric(look: Look, path: Path, rule: Mapping[str, Any]) -> None:
    name = "metric" if "metric" in rule else "rule"
    metric = rule.get(name)
    if not isinstance(metric, str):
        look.tell("C308", path, "the rule names no metric", ", ".join(METRICS), "add `metric`")
    elif metric not in METRICS and not (name == "rule" and metric in OLD_METRICS):
        look.tell(
            "C308",
            (*path, name),
            f"the quality rule {shortened(metric)!r} is not known",
            ", ".join(METRICS),
            look.hint(metric, METRICS, "or use type: sql, custom or text"),
        )


def dates_are_dates(look: Look) -> None:
    """Dates of the team, of the contract and of its end are days that exist."""
    raw = look.document.data
    team = raw.get("team")
    names = ("team", "members") if isinstance(team, Mapping) else ("team",)
    for path, member in _objects(raw, *names):
        for name in ("dateIn", "dateOut"):
            _date(look, (*path, name), member.get(name))
    for path, level in _objects(raw, "slaProperties"):
        if str(level.get("property", "")).lower() in DATED_LEVELS:
            _date(look, (*path, "value"), level.get("value"))
    _date(look, ("contractCreatedTs",), raw.get("contractCreatedTs"))


def _date(look: Look, path: Path, value: Any) -> None:
    if value is None:
        return
    text = str(value)
    try:
        if len(text) > 10:
            datetime.fromisoformat(text.replace("Z", "+00:00"))
        else:
            date.fromisoformat(text)
    except ValueError:
        look.tell(
            "C310",
            path,
            f"{text[:40]!r} is no date",
            "a day that exists, as 2027-06-30",
            "write year-month-day",
        )


def service_levels_make_sense(look: Look) -> None:
    """A service level names a column that is there, in a unit that can be compared."""
    raw = look.document.data
    names = _element_names(look)
    for path, level in _objects(raw, "slaProperties"):
        unit = level.get("unit")
        if isinstance(unit, str) and unit.lower() not in UNITS:
            look.tell(
                "C313",
                (*path, "unit"),
                f"the unit {shortened(unit)!r} is not known",
                "d, h, m, s, percent, …",
                "use a unit that can be compared",
                severity="warning",
            )
        text = str(level.get("element") or "")
        # What is longer than the names together is none of them, and is not split.
        elements = text.split(",") if len(text) <= MAX_ELEMENT else [text[:MAX_ELEMENT]]
        for element in map(str.strip, elements):
            if element and element not in names:
                look.tell(
                    "C314",
                    (*path, "element"),
                    f"there is no {shortened(element)}",
                    "table.column, or a table",
                    "see the names in `schema`",
                    severity="warning",
                )


def _element_names(look: Look) -> set[str]:
    names = set()
    for path, table in _tables(look):
        own = {str(table.get("name")), str(table.get("physicalName", table.get("name")))}
        names |= own
        for _, column in _columns(table, path):
            for name in {str(column.get("name")), str(column.get("physicalName", ""))} - {""}:
                names |= {name, *(f"{table_name}.{name}" for table_name in own)}
    return names


RULES: tuple[Rule, ...] = (
    version_is_semantic,
    status_is_known,
    names_are_unique,
    types_are_known,
    keys_are_in_order,
    quality_rules_are_known,
    dates_are_dates,
    service_levels_make_sense,
    texts_are_printable,
)

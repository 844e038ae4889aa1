"""Changes of what a contract promises beside its columns: rules, service levels, people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesh.contracts.model import Contract, Level, Rule, Table, as_date
from mesh.contracts.raw_change import Raw, words

LESS_IS_BETTER = (
    "freshness", "latency", "timetodetect", "timetonotify", "timetorepair", "errorrate",
    "frequency", "recovery", "responsetime",
)  # fmt: skip
MORE_IS_BETTER = (
    "availability", "accuracy", "retention", "throughput", "completeness", "qualityscore",
    "quality_score", "uptime", "history",
)  # fmt: skip
DATES = ("endofsupport", "endoflife")
SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60,
    "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800,
    "week": 604800, "mo": 2629800, "month": 2629800, "y": 31557600, "yr": 31557600,
    "year": 31557600,
}  # fmt: skip
ACCESS = {
    "none": 0, "no": 0, "deny": 0, "denied": 0, "read": 1, "select": 1, "readonly": 1,
    "write": 2, "readwrite": 2, "all": 3, "admin": 3, "owner": 3,
}  # fmt: skip
"""How much a role may do; the standard leaves the words open."""
STATUS_ORDER = ("proposed", "draft", "active", "deprecated", "retired")


def table_rules(old: Table, new: Table) -> Iterator[Raw]:
    """The quality rules about a whole table."""
    yield from rule_changes(old.rules, new.rules, "", ())


def rule_changes(
    old: Sequence[Rule], new: Sequence[Rule], name: str, columns: tuple[str, ...]
) -> Iterator[Raw]:
    """The quality rules of a table or column: fewer, more, looser, tighter."""
    before, after = _by_identity(old), _by_identity(new)
    for key, rule in before.items():
        element = f"{name or 'table'}.quality[{key}]"
        if key not in after:
            text = rule.kind == "text"
            yield Raw(
                element,
                "rule_removed",
                "safe" if text else "breaking",
                f"the rule {key} holds no more",
                columns,
                "patch" if text else "",
            )
        else:
            yield from _rule_change(rule, after[key], element, columns)
    for key in after:
        if key not in before:
            yield Raw(
                f"{name or 'table'}.quality[{key}]", "rule_added", "safe", f"the rule {key} is new"
            )


def _by_identity(rules: Sequence[Rule]) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in rules:
        key, number = rule.identity, 2
        while key in found:
            key, number = f"{rule.identity} {number}", number + 1
        found[key] = rule
    return found


def _rule_change(old: Rule, new: Rule, element: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    verdicts = [
        _values(old, new),
        _threshold(old, new),
        _unit(old, new),
        _schedule(old, new),
        _severity(old, new),
        _body(old, new),
    ]
    told = [verdict for verdict in verdicts if verdict]
    for change, kind, message in told:
        yield Raw(element, change, kind, message, columns)
    if not told and _plain(old.raw) != _plain(new.raw):
        yield Raw(element, "reworded", "safe", "the rule is described in other words", step="patch")


Verdict = tuple[str, str, str] | None


def _values(old: Rule, new: Rule) -> Verdict:
    before, after = _valid_values(old), _valid_values(new)
    if before == after:
        return None
    if after is None:
        return "rule_loosened", "breaking", "the list of values is gone: any value may occur now"
    if before is None:
        return "rule_tightened", "safe", f"only the values {', '.join(sorted(after))} occur now"
    added, gone = sorted(after - before), sorted(before - after)
    if added and gone:
        said = f"values {', '.join(gone)} are gone, {', '.join(added)} are new"
        return "values_changed", "breaking", said
    if added:
        return "value_added", "risky", f"values {', '.join(added)} may occur now"
    return "value_removed", "breaking", f"values {', '.join(gone)} occur no more"


def _valid_values(rule: Rule) -> set[str] | None:
    found = rule.arguments.get("validValues")
    if found is None and isinstance(rule.implementation, Mapping):
        given = rule.implementation.get("arguments")
        found = given.get("values") if isinstance(given, Mapping) else None
    return {_typed(value) for value in found} if isinstance(found, list) else None


def _typed(value: Any) -> str:
    """A value so that 1 and "1" differ, and 1 and 1.0 do not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, default=str, ensure_ascii=False)


def _threshold(old: Rule, new: Rule) -> Verdict:
    before, after = old.comparisons, new.comparisons
    if before == after:
        return None
    said = f"{_compared(before)} became {_compared(after)}"
    looser = _looser(before, after)
    if looser is None:
        return "rule_changed", "breaking", said
    return ("rule_loosened", "breaking", said) if looser else ("rule_tightened", "safe", said)


def _compared(comparisons: Mapping[str, Any]) -> str:
    said = [f"{name} {value}" for name, value in comparisons.items()]
    return " and ".join(said) or "no comparison"


def _looser(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool | None:
    """Whether more passes than before; None where that cannot be told."""
    old, new = _passing(before), _passing(after)
    if old is None or new is None:
        return None
    if new[0] <= old[0] and new[1] >= old[1]:
        return True
    return False if new[0] >= old[0] and new[1] <= old[1] else None


def _passing(comparisons: Mapping[str, Any]) -> tuple[float, float] | None:
    """The numbers that pass all of a rule's comparisons; None without one."""
    ranges = [_range(name, value) for name, value in comparisons.items()]
    known = [each for each in ranges if each is not None]
    if not known or len(known) < len(ranges):
        return None
    return max(low for low, _ in known), min(high for _, high in known)


def _unit(old: Rule, new: Rule) -> Verdict:
    """What the figure is counted in; nothing at all is the same in rows and in percent."""
    before, after = (str(rule.raw.get("unit") or "rows").lower() for rule in (old, new))
    nothing = all(value in (0, [0, 0]) for value in old.comparisons.values())
    if before == after or (nothing and old.comparisons == new.comparisons):
        return None
    return "rule_changed", "breaking", f"its figure was in {before}, is in {after}"


def _schedule(old: Rule, new: Rule) -> Verdict:
    for name in ("scheduler", "schedule"):
        before, after = old.raw.get(name), new.raw.get(name)
        if before != after and before is not None:
            return "rule_rescheduled", "risky", f"its {name} was {before}, is {after or 'gone'}"
    return None


def _range(operator: str, value: Any) -> tuple[float, float] | None:
    """The numbers that pass."""
    if operator == "mustBeBetween" and isinstance(value, list) and len(value) == 2:
        return (float(value[0]), float(value[1])) if all(map(_is_number, value)) else None
    if not _is_number(value):
        return None
    number, end = float(value), float("inf")
    step = 1e-9
    return {
        "mustBe": (number, number),
        "mustBeGreaterThan": (number + step, end),
        "mustBeGreaterOrEqualTo": (number, end),
        "mustBeLessThan": (-end, number - step),
        "mustBeLessOrEqualTo": (-end, number),
    }.get(operator)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _severity(old: Rule, new: Rule) -> Verdict:
    from mesh.contracts.dbt_tests import WARNINGS

    mild = [str(r.raw.get("severity", "error")).lower() in WARNINGS for r in (old, new)]
    if mild[0] == mild[1]:
        return None
    if mild[1]:
        return "rule_loosened", "breaking", "a violation is only a warning now"
    return "rule_tightened", "safe", "a violation is an error now"


def _body(old: Rule, new: Rule) -> Verdict:
    """What is measured: query, metric, engine, implementation without its list of values."""
    if _measured(old) == _measured(new):
        return None
    return "rule_changed", "breaking", "the rule measures something else"


def _measured(rule: Rule) -> str:
    raw = {name: rule.raw.get(name) for name in ("query", "engine")}
    made = _plain(rule.implementation)
    if isinstance(made, dict) and isinstance(made.get("arguments"), dict):
        made = {**made, "arguments": {**made["arguments"], "values": None}}
    given = {**_plain(rule.arguments), "validValues": None}
    return json.dumps([rule.kind, rule.metric, raw, made, given], sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def level_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The service levels: lower, higher, gone."""
    before = {(lv.name.lower(), lv.element): lv for lv in old.levels}
    after = {(lv.name.lower(), lv.element): lv for lv in new.levels}
    for key, level in before.items():
        element = f"slaProperties[{level.name}]"
        other = after.get(key) or next((lv for (n, _), lv in after.items() if n == key[0]), None)
        if other is None and level.name.lower() in DATES:
            yield Raw(element, "end_withdrawn", "safe", f"{level.name} is announced no more")
        elif other is None:
            yield Raw(
                element, "service_level_removed", "breaking", f"{level.name} is promised no more"
            )
        else:
            yield from _level_change(level, other, element)
    names = {name for name, _ in before}
    for (name, _), level in after.items():
        if name not in names and name in DATES:
            message = f"{level.name} is announced: {level.value}"
            yield Raw(f"slaProperties[{level.name}]", "end_announced", "risky", message)
        elif name not in names:
            yield Raw(
                f"slaProperties[{level.name}]",
                "service_level_added",
                "safe",
                f"{level.name} is promised: {level.value} {level.unit}".strip(),
            )


def _level_change(old: Level, new: Level, element: str) -> Iterator[Raw]:
    said = f"{old.name} was {old.value} {old.unit}, is {new.value} {new.unit}".replace(" ,", ",")
    if (old.value, old.unit.lower()) == (new.value, new.unit.lower()):
        if old.element != new.element:
            yield Raw(
                element,
                "service_level_changed",
                "risky",
                f"{old.name} is about {new.element or 'the whole'} now",
            )
        elif words(old.description) != words(new.description):
            yield Raw(element, "reworded", "safe", f"{old.name} is in other words", step="patch")
        return
    better = _better(old, new)
    if better is None:
        yield Raw(element, "service_level_changed", "breaking", said)
    elif better == 0:
        yield Raw(element, "reworded", "safe", said, step="patch")
    elif better > 0:
        yield Raw(element, "service_level_raised", "safe", said)
    else:
        shortened = old.name.lower() == "retention"
        change = "retention_shortened" if shortened else "service_level_lowered"
        yield Raw(element, change, "breaking", said)


def _better(old: Level, new: Level) -> int | None:
    """1 if the new level promises more, -1 if less, 0 if the same, None if that is unclear."""
    name = old.name.lower()
    if name in DATES:
        before, after = as_date(old.value), as_date(new.value)
        if before is None or after is None:
            return None
        return (after > before) - (after < before)
    one, other = _amount(old), _amount(new)
    if one is None or other is None or one[1] != other[1]:
        return None
    more = (other[0] > one[0]) - (other[0] < one[0])
    if any(word in name.replace("_", "") for word in LESS_IS_BETTER):
        return -more
    return (
        more
        if any(word.replace("_", "") in name.replace("_", "") for word in MORE_IS_BETTER)
        else (0 if more == 0 else None)
    )


def _amount(level: Level) -> tuple[float, str] | None:
    """A level as a number in its base unit, seconds for times; None if it is no number."""
    value, unit = level.value, level.unit.strip().lower()
    if isinstance(value, str):
        match = re.fullmatch(r"[<>=~ ]*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z%]*)", value.strip())
        if not match:
            return None
        value, unit = float(match[1]), match[2].lower() or unit
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    singular = unit if unit in SECONDS else unit.rstrip("s")
    if singular in SECONDS:
        return float(value) * SECONDS[singular], "s"
    return float(value), {"%": "percent"}.get(unit, unit)


def status_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The status: deprecated is a warning, retired is the end."""
    before, after = old.status.lower(), new.status.lower()
    if before == after:
        return
    said = f"the status was {before}, is {after}"
    if after == "retired":
        yield Raw("status", "retired", "breaking", said)
    elif before == "active" and after in ("draft", "proposed"):
        yield Raw("status", "withdrawn", "breaking", said)
    elif after == "deprecated":
        yield Raw("status", "deprecated", "risky", said)
    else:
        yield Raw("status", "status_changed", "safe", said)


def owner_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who answers for it."""
    if old.owner != new.owner:
        yield Raw("team", "owner_changed", "risky", f"the owner was {old.owner}, is {new.owner}")


def role_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who may read it."""
    before = {str(role.get("role")): str(role.get("access", "")) for role in old.roles}
    after = {str(role.get("role")): str(role.get("access", "")) for role in new.roles}
    for role, access in before.items():
        if role not in after:
            yield Raw(f"roles[{role}]", "role_removed", "breaking", f"{role} may not read it now")
        elif after[role] != access:
            yield Raw(
                f"roles[{role}]",
                "role_changed",
                "breaking" if _less_access(access, after[role]) else "risky",
                f"the access of {role} was {access!r}, is {after[role]!r}",
            )
    for role in after:
        if role not in before:
            yield Raw(f"roles[{role}]", "role_added", "safe", f"{role} may read it now")


def _less_access(old: str, new: str) -> bool:
    """Whether a role may do less than before; an unknown word is not judged."""
    before, after = (ACCESS.get(re.sub("[^a-z]", "", each.lower())) for each in (old, new))
    return before is not None and after is not None and after < before

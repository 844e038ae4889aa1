"""What became of the quality rules of a table or column: fewer, more, looser, tighter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesh.contracts.bounds import passing
from mesh.contracts.dbt_tests import WARNINGS
from mesh.contracts.model import Rule, Table
from mesh.contracts.raw_change import Raw


def table_rules(old: Table, new: Table) -> Iterator[Raw]:
    """The quality rules about a whole table."""
    yield from rule_changes(old.rules, new.rules, "", ())


def rule_changes(
    old: Sequence[Rule], new: Sequence[Rule], name: str, columns: tuple[str, ...]
) -> Iterator[Raw]:
    """The quality rules of a table or column: fewer, more, looser, tighter."""
    before, after = _by_identity(old), _by_identity(new)
    renamed = _renamed(before, after)
    for key, rule in before.items():
        element = f"{name or 'table'}.quality[{key}]"
        if key in renamed:
            yield from _rule_change(rule, after[renamed[key]], element, columns)
        elif key not in after:
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
        if key not in before and key not in renamed.values():
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


def _renamed(before: Mapping[str, Rule], after: Mapping[str, Rule]) -> dict[str, str]:
    """Rules that go on under another name: what they measure is the same."""
    found: dict[str, str] = {}
    for key, rule in before.items():
        hits = (
            other
            for other, candidate in after.items()
            if other not in before
            and other not in found.values()
            and _measured(candidate) == _measured(rule)
        )
        if key not in after and (hit := next(hits, None)) is not None:
            found[key] = hit
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


_WORD = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\w+|[^\w\s]""", re.DOTALL)
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
    library = old.kind == new.kind == "library"
    counts = library and "percent" not in (_unit_of(old), _unit_of(new))
    found = passing(before, after, counts=counts, positive=library) if before and after else None
    if found is None or not any(found):
        return "rule_changed", "breaking", said
    if all(found):
        return None
    return ("rule_loosened", "breaking", said) if found[0] else ("rule_tightened", "safe", said)


def _compared(comparisons: Mapping[str, Any]) -> str:
    said = [f"{name} {value}" for name, value in comparisons.items()]
    return " and ".join(said) or "no comparison"


def _unit_of(rule: Rule) -> str:
    return str(rule.raw.get("unit") or "rows").lower()


def _unit(old: Rule, new: Rule) -> Verdict:
    """What the figure is counted in; nothing at all is the same in rows and in percent."""
    before, after = _unit_of(old), _unit_of(new)
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


def _severity(old: Rule, new: Rule) -> Verdict:
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
    raw = {"query": _statement(rule.raw.get("query")), "engine": rule.raw.get("engine")}
    made = _plain(rule.implementation)
    if isinstance(made, dict) and isinstance(made.get("arguments"), dict):
        made = {**made, "arguments": {**made["arguments"], "values": None}}
    given = {**_plain(rule.arguments), "validValues": None}
    told = rule.raw.get("description") if rule.kind == "text" else None
    return json.dumps([rule.kind, rule.metric, raw, made, given, told], sort_keys=True, default=str)


def _statement(query: Any) -> list[str] | None:
    """The words of a query: neither its layout counts nor comments, nor case outside of quotes."""
    if query is None:
        return None
    found = _WORD.findall(str(query))
    said = [word for word in found if not word.startswith(("--", "/*"))]
    return [word if word[0] in "'\"" else word.lower() for word in said]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))

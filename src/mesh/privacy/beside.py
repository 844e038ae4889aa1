"""Runs what stands beside the queries of models: hooks, operations, tests, analyses and macros."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mesh.core.errors import MeshError
from mesh.privacy.analysis import Analysis
from mesh.privacy.carried import Added
from mesh.privacy.render.context import MARK
from mesh.privacy.result import Result
from mesh.privacy.settings import configs_of, hooks_of

RUNS = re.compile(r"\brun_query\s*\(|\bcall\s+statement\s*\(|\badapter\.execute\s*\(")
"""What a macro does that talks to the engine by itself."""

NUMBERED = re.compile(rf"{MARK}\d+_")

ROUNDS = 50
"""How long a chain of hooks that write into each other's tables may be."""


@dataclass(frozen=True)
class Ran:
    """What one of them does.

    Args:
        kind: ``hook``, ``operation``, ``test``, ``analysis`` or ``macro``.
        node: The node that it belongs to, or the macro.
    """

    kind: str
    node: Mapping[str, Any]
    result: Result


def settle(analysis: Analysis) -> list[Ran]:
    """Look at every node and at what runs beside, until nothing more is written into the nodes.

    Raises:
        MeshError: It does not come to an end.
    """
    for _ in range(ROUNDS):
        analysis.run()
        ran = list(_all(analysis))
        if not analysis.add(_written(analysis, ran)):
            return ran
    raise MeshError(
        f"after {ROUNDS} rounds there is still more that hooks write into each other's tables",
        hint="build the tables as models",
    )


def _written(analysis: Analysis, ran: list[Ran]) -> Added:
    """The classes that statements bring into columns of nodes; a source has what it declares."""
    found: Added = {}
    for result in [*(each.result for each in ran), *analysis.results.values()]:
        for written in result.written:
            target = analysis.tables.find(written.table)
            if target is None or analysis.kind(target) == "source":
                continue
            for column in written.relation.columns:
                # A name made of a value is another one every time that it is rendered.
                name = NUMBERED.sub(MARK, column.name)
                taints = found.setdefault(target, {}).setdefault(name, {})
                taints |= analysis.taints_of(column.uses)
    return found


def _all(analysis: Analysis) -> Iterator[Ran]:
    for node in analysis.project.raw["nodes"].values():
        if analysis.is_own(node):
            yield from _of_node(analysis, node)
    yield from _macros(analysis)


def _of_node(analysis: Analysis, node: Mapping[str, Any]) -> Iterator[Ran]:
    kind, text = node["resource_type"], str(node.get("raw_code") or "")
    if kind == "test":
        yield Ran("test", node, analysis.of_test(node))
    elif kind == "operation":
        yield Ran("operation", node, analysis.walker.statements(node, text))
    elif node["unique_id"] in analysis.tables.nodes:
        for hook in _hooks(analysis.tables.nodes[node["unique_id"]]):
            yield Ran("hook", node, analysis.walker.statements(node, hook))
    else:
        # dbt renders an analysis and never runs it.
        yield Ran("analysis", node, analysis.walker.statements(node, text, run=False))


def _hooks(node: Mapping[str, Any]) -> Iterator[str]:
    """The hooks of a node on any target; a value of a query is none when dbt reads settings."""
    texts = [text for config in configs_of(node) for text in hooks_of(config)]
    yield from (text for text in dict.fromkeys(texts) if MARK not in text)


def _macros(analysis: Analysis) -> Iterator[Ran]:
    """Macros that talk to the engine, run by themselves."""
    own = str(analysis.project.raw["metadata"].get("project_name"))
    used = {
        name
        for node in analysis.project.raw["nodes"].values()
        for name in (node.get("depends_on") or {}).get("macros") or []
    }
    for unique_id, macro in analysis.project.raw["macros"].items():
        name = str(macro["name"])
        if macro["package_name"] != own or name.startswith("test_"):
            continue
        if not RUNS.search(str(macro["macro_sql"])):
            continue
        result, arguments = analysis.walker.macro(name, own)
        if unique_id in used or arguments:
            # Where it is used it has real arguments; made-up ones prove little.
            result.problems = [each for each in result.problems if each.code == "PRIV010"]
        yield Ran("macro", macro, result)

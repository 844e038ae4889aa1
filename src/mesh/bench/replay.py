"""The SQL of a dbt build, sent again by a client that does nothing else.

The plan is read from what dbt left of a build: the statements it ran for every model and test
(``run/``), and which of them had to wait for which (``graph_summary.json``): in a build a model
waits for the tests of what it reads, and so does the replay.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlparse

from mesh.build.manifest import read_manifest, read_run_results
from mesh.build.nodes import Manifest
from mesh.core.errors import MeshError


@dataclass(frozen=True)
class Plan:
    """Statements by node, and for each node those that come before it."""

    statements: Mapping[str, tuple[str, ...]]
    after: Mapping[str, frozenset[str]]


def read_plan(folder: Path) -> Plan:
    """The plan of the build whose artifacts lie in ``folder``.

    Raises:
        MeshError: A node was run whose statements are not there.
    """
    manifest = read_manifest(folder)
    # Hooks of packages are no part of the project.
    results = [r for r in read_run_results(folder).results if r.kind != "operation"]
    ran = {result.unique_id for result in results}
    files = {path.stem: path for path in (folder / "run").rglob("*.sql")}
    texts = {name: _text(manifest, files, name) for name in ran}
    if missing := [name for name, text in texts.items() if text is None]:
        raise MeshError(
            f"dbt left no statements of {len(missing)} nodes, {missing[0]} for one",
            where=str(folder / "run"),
        )
    return Plan(
        {name: _split(text) for name, text in texts.items() if text is not None},
        waits_for(json.loads((folder / "graph_summary.json").read_text()), ran),
    )


def waits_for(summary: Mapping[str, Any], ran: Collection[str]) -> dict[str, frozenset[str]]:
    """For each node that ran those that did so before it, through any that did not run.

    Args:
        summary: dbt's ``graph_summary.json`` of a build: nodes by number, with the numbers of
            those that wait for them.
        ran: Unique ids of the nodes that ran.
    """
    graph = summary["with_test_edges"]
    waited: dict[str, set[str]] = {node["name"]: set() for node in graph.values()}
    for node in graph.values():
        for number in node.get("succ", ()):
            waited[graph[str(number)]["name"]].add(node["name"])

    def nearest(name: str) -> frozenset[str]:
        found, seen, left = set(), set(), [*waited[name]]
        while left:
            before = left.pop()
            if before in ran:
                found.add(before)
            elif before not in seen:
                seen.add(before)
                left += waited[before]
        return frozenset(found)

    return {name: nearest(name) for name in ran}


def _text(manifest: Manifest, files: Mapping[str, Path], name: str) -> str | None:
    node = manifest.nodes.get(name)
    # By the file and not by the name, which the versions of a model share.
    path = files.get(Path(node.path if node else manifest.tests[name].file).stem)
    return path.read_text() if path else None


def _split(text: str) -> tuple[str, ...]:
    found = (statement.strip().rstrip(";").strip() for statement in sqlparse.split(text))
    return tuple(statement for statement in found if statement)


def replay(plan: Plan, execute: Callable[[str], object], threads: int) -> float:
    """Run the plan; gives the wall time in seconds.

    Args:
        plan: What to run.
        execute: Runs one statement to its end; called from ``threads`` threads.
        threads: How many nodes run at a time.
    """
    left = {name: set(names) for name, names in plan.after.items()}
    running: dict[Future[None], str] = {}
    began = time.monotonic()

    def node(name: str) -> None:
        for statement in plan.statements[name]:
            execute(statement)

    with ThreadPoolExecutor(threads) as pool:
        while left or running:
            for name in [name for name, names in left.items() if not names]:
                del left[name]
                running[pool.submit(node, name)] = name
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                finished = running.pop(future)
                future.result()
                for names in left.values():
                    names.discard(finished)
    return time.monotonic() - began

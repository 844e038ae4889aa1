"""Reads the cases of the corpus.

A case begins with ``--- its name``. Lines that begin with ``--`` and a word say what it holds:

- ``leaks: node.column class`` an error has to name this column and class; may be given again
- ``refused: CODE node`` an error of this code has to name this node
- ``harmless`` nothing is an error
- ``warns: CODE`` a warning that a harmless case has to have
- ``model: folder/name [materialization]`` the SQL below is this model; without it, marts/published
- ``snapshot:``, ``test:``, ``seed:``, ``analysis:``, ``macro:`` the same for these
- ``config: {...}`` settings of the last model, as YAML; ``enabled: false`` as dbt's parser found it
- ``start:``, ``end:`` a hook at the start or end of the run
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mesh.privacy.analysis import Analysis
from mesh.privacy.findings import Finding
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings
from tests.unit.privacy import factory

CORPUS = Path(__file__).parent / "corpus"
SECTIONS = ("model", "snapshot", "test", "seed", "analysis", "macro", "start", "end")


@dataclass
class Case:
    name: str
    file: str
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    harmless: bool = False
    warns: set[str] = field(default_factory=set)
    sections: list[tuple[str, str, dict[str, Any], list[str]]] = field(default_factory=list)

    def findings(self) -> list[Finding]:
        shared = _shared()
        nodes, macros = [], []
        for kind, head, config, lines in self.sections:
            text = "\n".join(lines).strip()
            if kind == "macro":
                macros.append(factory.macro(head, text))
            elif kind in ("start", "end"):
                nodes.append(_operation(kind, text))
            else:
                path, _, materialized = head.partition(" ")
                given = {**({"materialized": materialized} if materialized else {}), **config}
                nodes.append(factory.node(path, text, kind, **given))
        text = str(self.sections)
        sources = [each for each in shared["sources"] if _needed(each["name"], text)]
        off = [each for each in nodes if each["config"].get("enabled") is False]
        nodes = [each for each in nodes if each not in off]
        raw = factory.manifest([*nodes, *shared["seeds"]], sources, macros)
        raw["disabled"] = {each["unique_id"]: [each] for each in off}
        project = DbtProject(raw, None, shared["vars"], shared["targets"])
        return list(all_findings(Analysis(project), Policy()))

    def faults(self) -> list[str]:
        """What the check says wrongly or does not say."""
        found = self.findings()
        errors = [each for each in found if each.level == "error"]
        if self.harmless:
            loud = [e for e in found if e.code not in self.warns]
            quiet = [f"did not warn {each}" for each in self.warns - {e.code for e in found}]
            return [*quiet, *(f"{e.code} {e.node}.{e.column} {e.cls}: {e.message}" for e in loud)]
        named = {(e.node, e.column, e.cls) for e in errors}
        missed = [f"missed {leak}" for leak in self.leaks if leak not in named]
        coded = {(e.code, e.node) for e in errors}
        missed += [f"missed {each}" for each in self.refused if each not in coded]
        return [*missed, *(f"found {e.code} {e.node}.{e.column} {e.cls}" for e in found if missed)]


def _needed(name: str, text: str) -> bool:
    """Whether a case has the source: one with undeclared columns only where it is read."""
    return name not in ("mystery", "partly") or name in text


def _operation(kind: str, text: str) -> factory.Raw:
    made = factory.node(f"hooks/on-run-{kind}", text)
    return {**made, "resource_type": "operation", "unique_id": f"operation.shop.{kind}"}


@cache
def _shared() -> dict[str, Any]:
    raw = yaml.safe_load((CORPUS / "_project.yml").read_text())
    sources = [
        factory.source(*name.split("."), columns=columns or {})
        for name, columns in raw["sources"].items()
    ]
    seeds = []
    for name, columns in raw["seeds"].items():
        factory.SEEDS.add(name)
        seed = factory.node(f"reference/{name}", "", "seed")
        seed["columns"] = {each: factory.column(each, None) for each in columns}
        seeds.append(seed)
    return {
        "sources": sources,
        "seeds": seeds,
        "vars": raw["vars"],
        "targets": tuple(raw["targets"]),
    }


def read(path: Path) -> list[Case]:
    cases: list[Case] = []
    for line in path.read_text().splitlines():
        if line.startswith("--- "):
            cases.append(Case(line[4:].strip(), path.stem))
        elif cases:
            _line(cases[-1], line)
    return cases


def _line(case: Case, line: str) -> None:
    word, _, rest = line.removeprefix("-- ").partition(":") if line.startswith("-- ") else ("",) * 3
    rest = rest.strip()
    if word == "leaks":
        place, cls = rest.rsplit(" ", 1)
        node, _, column = place.partition(".")
        case.leaks.append((node, column, cls))
    elif word == "refused":
        code, node = rest.split(" ", 1)
        case.refused.append((code, node))
    elif word == "harmless" and not rest:
        case.harmless = True
    elif word == "warns":
        case.warns.add(rest)
    elif word == "config":
        if not case.sections:
            case.sections.append(("model", "marts/published", {}, []))
        case.sections[-1][2].update(yaml.safe_load(rest))
    elif word in SECTIONS:
        case.sections.append((word, rest, {}, []))
    else:
        if not case.sections and line.strip():
            case.sections.append(("model", "marts/published", {}, []))
        if case.sections:
            case.sections[-1][3].append(line)


def corpus() -> list[Case]:
    return [case for path in sorted(CORPUS.glob("*.sql")) for case in read(path)]

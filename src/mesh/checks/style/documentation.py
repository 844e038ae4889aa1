"""D: everything has its words, where they are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mesh.build.nodes import Macro, Manifest, Node, Source
from mesh.checks.finding import Finding
from mesh.checks.style.rules import RULES, about, landed, own_macros, seeds
from mesh.checks.style.sql import output_columns

GRAIN = re.compile(r"^One row per \w")


def _tables(manifest: Manifest) -> Iterator[Node | Source]:
    yield from manifest.models
    yield from seeds(manifest)
    yield from landed(manifest)


@RULES.add("D101")
def tables_are_described(manifest: Manifest) -> Iterator[Finding]:
    """Every model, seed and source has a description."""
    for table in _tables(manifest):
        if not table.description.strip():
            hint = "say in its YAML what a row is and what it is for"
            yield about("D101", table, "it has no description", hint)


@RULES.add("D102")
def columns_are_described(manifest: Manifest) -> Iterator[Finding]:
    """Every column that is declared has a description."""
    for table in _tables(manifest):
        for column in table.columns:
            if not column.description.strip():
                hint = "say what it holds, with its unit, and when it is NULL"
                yield about("D102", table, "the column has no description", hint, column.name)


@RULES.add("D103")
def columns_are_those_of_the_query(manifest: Manifest) -> Iterator[Finding]:
    """The YAML of a model declares the columns that its SQL gives, in that order."""
    for model in (model for model in manifest.models if model.yaml_path):
        given = output_columns(manifest, model.raw_code)
        declared = tuple(column.name for column in model.columns)
        if given is None:
            hint = "end with `select * from final` and name every column in final"
            yield about("D103", model, "its columns cannot be read from its text", hint)
            continue
        for name in given:
            if name not in declared:
                hint = "declare it with a description"
                yield about("D103", model, "the column is not declared", hint, name)
        for name in declared:
            if name not in given:
                hint = "take it out of the YAML, or select it"
                yield about("D103", model, "the column is declared, not selected", hint, name)
        if given != declared and sorted(given) == sorted(declared):
            first = next(a for a, b in zip(given, declared, strict=True) if a != b)
            hint = "put them in the order of the query"
            yield about("D103", model, "columns are declared in another order", hint, first)


@RULES.add("D104")
def grain_is_stated(manifest: Manifest) -> Iterator[Finding]:
    """The description of a model starts with its grain: "One row per …"."""
    for model in manifest.models:
        if model.description.strip() and not GRAIN.match(model.description.strip()):
            hint = 'start the description with "One row per …"'
            yield about("D104", model, "the description does not start with the grain", hint)


@RULES.add("D105")
def macros_are_documented(manifest: Manifest) -> Iterator[Finding]:
    """Every macro and each of its arguments has a description."""
    for macro in own_macros(manifest):
        if not macro.description.strip():
            hint = "describe it in the _macros.yml of its folder"
            yield about("D105", macro, "the macro has no description", hint)
        for argument in _arguments(macro):
            if not macro.arguments.get(argument, "").strip():
                hint = "name it under `arguments` with a type and a description"
                yield about("D105", macro, "the argument has no description", hint, argument)


def _arguments(macro: Macro) -> list[str]:
    """The arguments in the head of a macro."""
    from jinja2 import Environment, nodes

    env = Environment(extensions=["jinja2.ext.do"])  # noqa: S701  # parses, renders nothing
    found = env.parse(macro.sql).find_all(nodes.Macro)
    return [argument.name for node in found if node.name == macro.name for argument in node.args]


@RULES.add("D106")
def yaml_lies_beside_the_model(manifest: Manifest) -> Iterator[Finding]:
    """A model or seed is described in the YAML file of its own name beside it."""
    for node in (*manifest.models, *seeds(manifest)):
        expected = str(PurePosixPath(node.path).with_name(f"{node.name}.yml"))
        if node.yaml_path != expected:
            found = f"it is described in {node.yaml_path}" if node.yaml_path else "it has no YAML"
            yield Finding(node.path, "D106", node.name, "", found, f"describe it in {expected}")

"""N: a name says the layer, the domain and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mesh.build.nodes import Manifest
from mesh.checks.finding import Finding
from mesh.checks.style.rules import RULES, about, landed, own_macros

WORDS = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"

PATTERNS = {
    "bronze": "bronze_{domain}__{words}",
    "silver": "silver_{domain}__{words}",
    "gold": "(dim|fct|agg)_{domain}__{words}",
    "identity": "identity_{domain}__{words}",
}
"""Pattern of a model's name by layer, which is the folder it lies in."""


@RULES.add("N201")
def models_are_named_after_layer_and_domain(manifest: Manifest) -> Iterator[Finding]:
    """A model's name is its layer, its domain and its entities, as its folder says."""
    for model in manifest.models:
        pattern = PATTERNS.get(model.layer)
        if pattern is None:
            hint = f"put it into models/<domain>/ and one of {', '.join(PATTERNS)}"
            yield about("N201", model, f"{model.path} is in no layer", hint)
            continue
        wanted = pattern.format(domain=model.domain, words=WORDS)
        if not re.fullmatch(wanted, model.name):
            hint = pattern.format(domain=model.domain, words="<entities>")
            yield about("N201", model, "the name does not say layer and domain", f"use {hint}")


@RULES.add("N202")
def a_model_is_its_file_and_its_table(manifest: Manifest) -> Iterator[Finding]:
    """A model, its file and its table have one name, and its schema is domain and layer.

    A later version of a product adds its number; the first keeps the table that is relied on.
    """
    for model in manifest.models:
        versioned = f"{model.name}_v{model.version}"
        if model.table not in {model.name, *([versioned] if model.version else [])}:
            hint = "leave out `alias`"
            yield about("N202", model, f"its table is named {model.table}", hint)
        if model.schema != f"{model.domain}_{model.layer}":
            hint = "leave out `schema`: access rules go by it"
            yield about("N202", model, f"its schema is named {model.schema}", hint)


@RULES.add("N203")
def tests_say_what_they_prove(manifest: Manifest) -> Iterator[Finding]:
    """Unit tests are named <model>__<behaviour>, singular ones assert_<domain>__<sentence>."""
    for test in manifest.tests.values():
        if test.package != "mesh" or test.generic:
            continue
        if test.kind == "unit_test":
            model = (test.attached or "..").split(".")[2]
            pattern, hint = f"{model}__{WORDS}", f"{model}__<behaviour>"
        else:
            folder = PurePosixPath(test.path).parent.name
            pattern, hint = f"assert_{folder}__{WORDS}", f"assert_{folder}__<sentence>"
        if not re.fullmatch(pattern, test.name):
            yield about("N203", test, "the name does not say what is proved", f"use {hint}")


@RULES.add("N204")
def sources_are_named_after_their_domain(manifest: Manifest) -> Iterator[Finding]:
    """A source and its schema are named after the domain whose folder declares it."""
    for source in landed(manifest):
        if not source.source_name.startswith(f"{source.domain}_") or (
            source.schema != source.source_name
        ):
            hint = f"name source and schema {source.domain}_landing"
            yield about("N204", source, f"{source.source_name} does not say its domain", hint)


@RULES.add("N205")
def a_macro_is_its_file(manifest: Manifest) -> Iterator[Finding]:
    """A macro lies in the file of its name, alone there."""
    for macro in own_macros(manifest):
        if PurePosixPath(macro.path).stem != macro.name:
            yield about("N205", macro, f"it lies in {macro.path}", f"move it to {macro.name}.sql")

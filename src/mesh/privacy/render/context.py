"""The names that dbt gives to templates, answered without an engine."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import yaml

from mesh.privacy.render.branches import Circumstances, Told
from mesh.privacy.render.library import (
    Definition,
    Library,
    Refused,
    Unknown,
    environment,
    give_back,
)
from mesh.privacy.render.names import (
    UNSET,
    Adapter,
    Argument,
    Builtins,
    ColumnApi,
    Config,
    Flags,
    Late,
    Placed,
    RelationApi,
    Target,
    Variables,
)
from mesh.privacy.render.relations import Cells, RelationName
from mesh.privacy.render.unsure import NOW, clock, derived, in_batches, of_a_run

MARK = "mesh_value_"
"""Start of a text that stands for a value which a query would have given."""


@dataclass
class Rendering:
    """One rendering of one template.

    Args:
        node: The raw node of the manifest; empty for a macro by itself.
        statements: SQL that the template ran or would run, in order.
        shown: Text that it wrote to the log, the terminal or an error.
        marks: For every mark, the query and the place of the column it stands for.
    """

    node: Mapping[str, Any]
    circumstances: Circumstances
    statements: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    marks: dict[str, tuple[str, int]] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    """Nodes that ref() and source() named."""
    settings: list[Mapping[str, Any]] = field(default_factory=list)
    """What ``config`` was called with."""
    outside: set[str] = field(default_factory=set)
    """Questions that only the caller of dbt answers: environment, variables that nothing sets."""


@dataclass
class Facts:
    """What a template can ask about its project.

    Args:
        raw: The manifest as dbt wrote it.
        variables: Variables of dbt_project.yml, over all packages, and by package.
        targets: Names of the profile's outputs, the default first.
        columns: Gives the columns of a table by the parts of its name, None if unknown.
        query_columns: Gives the column names of a query, None if unknown.
    """

    raw: Mapping[str, Any]
    variables: Mapping[str, Any]
    targets: tuple[str, ...]
    columns: Callable[[RelationName], list[str] | None]
    query_columns: Callable[[str], list[str] | None]


BARE_CALL = re.compile(r"\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$")
"""An argument of a generic test that dbt renders though it stands in no braces."""


class Context:
    """Renders templates of a project; one at a time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.now = Rendering({}, Circumstances({}))
        self.package = facts.raw["metadata"].get("project_name") or ""
        self._tables = _by_name(facts.raw)
        self._marks = itertools.count()
        self.library = Library(self.package, self._base())
        self.library.add(
            Definition(m["name"], m["package_name"], m["macro_sql"], m["original_file_path"])
            for m in facts.raw["macros"].values()
        )

    def render(self, text: str, rendering: Rendering) -> str:
        """The text without its Jinja, in the circumstances of the rendering."""
        before, self.now = self.now, rendering
        try:
            if "{" not in text:
                return text
            package = rendering.node.get("package_name") or self.package
            names = dict(self.library.names(package))
            if rendering.node.get("test_metadata"):
                names["_dbt_generic_test_kwargs"] = self._arguments(rendering.node)
            return str(environment().from_string(text).render(names))
        finally:
            self.now = before

    def _arguments(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a generic test; dbt keeps Jinja in them as text."""
        names = self.library.names(node.get("package_name") or self.package)

        def native(value: Any) -> Any:
            if isinstance(value, str) and BARE_CALL.match(value):
                value = f"{{{{ {value} }}}}"
            if isinstance(value, str) and "{{" in value:
                inner = value.strip()
                if inner.startswith("{{") and inner.endswith("}}") and inner.count("{{") == 1:
                    found = environment().compile_expression(inner[2:-2], undefined_to_none=False)
                    return found(**names)
                return environment().from_string(value).render(names)
            if isinstance(value, dict):
                return {key: native(each) for key, each in value.items()}
            if isinstance(value, list):
                return [native(each) for each in value]
            return value

        given = native(node["test_metadata"].get("kwargs") or {})
        return {**given.pop("arguments", {}), **given} if isinstance(given, dict) else {}

    def call(self, macro: str, package: str, rendering: Rendering) -> bool:
        """Call a macro by itself, with made-up arguments; gives whether it needs any."""
        before, self.now = self.now, rendering
        try:
            found = self.library.packages[package][macro]
            text = found.definition.text
            names = re.search(r"macro\s+\w+\s*\((.*?)\)\s*-?%\}", text, re.S)
            required = [
                part.strip() for part in _split(names[1] if names else "") if "=" not in part
            ]
            found(*[Argument(f"mesh_argument_{name}") for name in required if name])
            return any(required)
        finally:
            self.now = before

    def ran(self, sql: str) -> Cells:
        """Note a statement; gives marks in the place of its rows."""
        sql = str(sql)
        self.now.statements.append(sql)
        names = self.facts.query_columns(sql)
        if names is None:
            names = [f"column_{place}" for place in range(8)]
        marks: list[str] = []
        query = len(self.now.statements)
        for place in range(len(names)):
            mark = f"{MARK}{next(self._marks)}_"
            self.now.marks[mark] = (sql, place)
            marks.append(Told(mark, f"value {place} of query {query}", self.now.circumstances))
        return Cells(names, marks)

    def _statement(
        self, name: str | None = None, fetch_result: bool = False, *_: Any, **given: Any
    ) -> str:
        caller = given.get("caller")
        cells = self.ran(caller() if caller else "")
        if name:
            self.now.results[name] = SimpleNamespace(
                table=cells, data=[list(row) for row in cells.rows], response="OK"
            )
        return ""

    def _result(self, name: str) -> Any:
        return self.now.results.get(name)

    def ref(self, *names: str, v: Any = None, version: Any = None) -> RelationName:
        """The table of a model, seed or snapshot."""
        version = v if v is not None else version
        found = self._tables.get((str(names[-1]), str(version) if version is not None else None))
        if found is None:
            raise Unknown(f"ref({', '.join(map(repr, names))}) is nothing in the manifest")
        self.now.named.add(found["unique_id"])
        return relation_name(found)

    def source(self, source: str, table: str) -> RelationName:
        """The table of a source."""
        found = self._tables.get((f"{source}.{table}", "source"))
        if found is None:
            raise Unknown(f"source({source!r}, {table!r}) is nothing in the manifest")
        self.now.named.add(found["unique_id"])
        return relation_name(found)

    def _var(self, name: str, default: Any = UNSET) -> Any:
        asked, key = self.now.circumstances, f"var {name}"
        package = self.now.node.get("package_name") or self.package
        own = self.facts.variables.get(package)
        values = {**self.facts.variables, **(own if isinstance(own, dict) else {})}
        value = values.get(name, default)
        if value is UNSET:
            raise Unknown(f"the variable {name} has no value")
        if name not in values:
            self.now.outside.add(key)
        if isinstance(value, str) and "{{" in value:
            value = environment().from_string(value).render(self.library.names(self.package))
        if isinstance(value, bool):
            return asked.ask(key, value, not value)
        if isinstance(value, str):
            return asked.text(key, value)
        if value is None:
            asked.also(key, f"value_of_{name}", guess=True)
            answer = asked.ask(key, None)
            return asked.text(key, answer) if isinstance(answer, str) else answer
        return value

    def _env_var(self, name: str, default: Any = None) -> Any:
        value = os.environ.get(name, default)
        if value is None:
            value = f"value_of_{name}"
        self.now.outside.add(f"env {name}")
        return self.now.circumstances.text(f"env {name}", str(value))

    def _this(self) -> RelationName:
        if not self.now.node.get("schema"):
            raise Unknown("there is no table that `this` would be")
        return relation_name(self.now.node)

    def _flags(self) -> Any:
        asked = self.now.circumstances
        return Flags(asked)

    def _show(self, text: Any = "", *_: Any, **__: Any) -> str:
        self.now.shown.append(str(text))
        return ""

    def _refuse(self, text: Any = "", *_: Any) -> None:
        self.now.shown.append(str(text))
        raise Refused(str(text))

    def _base(self) -> dict[str, Any]:
        def ask(name: str) -> bool:
            return bool(self.now.circumstances.ask(name, False, True))

        def text(name: str, value: str) -> Any:
            return self.now.circumstances.text(name, value)

        def batch() -> Any:
            return in_batches(self.now.node, lambda: self.now.circumstances)

        model = Placed("model", batch, text)
        config = Late(lambda: Config(self.now.node, self.now.settings))
        usual = _usual(self.facts.raw)
        tell = SimpleNamespace(
            raise_compiler_error=self._refuse,
            raise_not_implemented=self._refuse,
            raise_database_error=self._refuse,
            raise_parsing_error=self._refuse,
            warn=self._show,
            relation_wrong_type=self._refuse,
        )
        base: dict[str, Any] = {
            "ref": self.ref,
            "source": self.source,
            "config": config,
            "var": Variables(self._var, lambda name: name in self.facts.variables),
            "env_var": self._env_var,
            "this": Placed("this", self._this, text),
            "model": model,
            "node": model,
            "target": Late(lambda: Target(self.now.circumstances, self.facts.targets, usual)),
            "is_incremental": lambda: ask("incremental"),
            "should_full_refresh": lambda: ask("full refresh"),
            "execute": True,
            "flags": Late(self._flags),
            "run_query": self.ran,
            "statement": self._statement,
            "load_result": self._result,
            "store_result": lambda *a, **k: "",
            "adapter": Adapter(self),
            "exceptions": tell,
            "return": give_back,
            "log": self._show,
            "print": self._show,
            "write": lambda *a: "",
            "debug": lambda *a: "",
            "doc": lambda *a: "",
            "graph": Late(lambda: self.facts.raw),
            "modules": SimpleNamespace(
                datetime=clock(lambda: self.now.circumstances),
                re=re,
                itertools=itertools,
                pytz=SimpleNamespace(utc=datetime.UTC),
            ),
            "api": SimpleNamespace(Relation=RelationApi, Column=ColumnApi),
            "fromjson": lambda text, default=None: json.loads(text),
            "tojson": lambda value, default=None, sort_keys=False: json.dumps(value, default=str),
            "fromyaml": lambda text, default=None: yaml.safe_load(text),
            "toyaml": lambda value, default=None, sort_keys=False: yaml.safe_dump(value),
            "set": lambda value, default=None: set(value),
            "set_strict": set,
            "zip": lambda *values, **_: list(zip(*values, strict=False)),
            "zip_strict": lambda *values: list(zip(*values, strict=False)),
            "local_md5": lambda text: derived(text, " as md5", _md5),
            "diff_of_two_dicts": lambda one, other: {},
            "project_name": self.package,
            **of_a_run(lambda: self.now.circumstances),
            NOW: lambda: self.now.circumstances,
            "schema": Late(lambda: text("target.schema", usual.get("schema", "target_schema"))),
            "database": Late(
                lambda: text("target.database", usual.get("database", "target_database"))
            ),
            "pre_hooks": [],
            "post_hooks": [],
            "schemas": [],
            "database_schemas": [],
            "results": [],
        }
        base["builtins"] = {name: base[name] for name in ("ref", "source", "config", "var")}
        base["builtins"]["env_var"] = self._env_var
        base["builtins"] = Builtins(base["builtins"])
        return base


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _split(arguments: str) -> list[str]:
    """Arguments of a macro at the commas outside of brackets."""
    parts, depth = [""], 0
    for letter in arguments:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def relation_name(node: Mapping[str, Any]) -> RelationName:
    """The table of a node or source."""
    table = node.get("identifier") or node.get("alias") or node["name"]
    kind = (node.get("config") or {}).get("materialized")
    return RelationName(
        node.get("database"), node.get("schema"), table, "view" if kind == "view" else "table"
    )


def _usual(raw: Mapping[str, Any]) -> dict[str, str]:
    """The catalog and schema of models that set none: those of the target."""
    found: dict[str, str] = {}
    for node in raw["nodes"].values():
        config = node.get("config") or {}
        for key in ("database", "schema"):
            if node["resource_type"] == "model" and not config.get(key) and node.get(key):
                found.setdefault(key, str(node[key]))
    if "database" in found:
        found["catalog"] = found["database"]
    return found


def _by_name(raw: Mapping[str, Any]) -> dict[tuple[str, str | None], Mapping[str, Any]]:
    found: dict[tuple[str, str | None], Mapping[str, Any]] = {}
    for node in raw["nodes"].values():
        if node["resource_type"] in {"model", "seed", "snapshot"}:
            version = node.get("version")
            found.setdefault((node["name"], None), node)
            if version is not None:
                found[node["name"], str(version)] = node
                if version == node.get("latest_version"):
                    found[node["name"], None] = node
    for source in raw["sources"].values():
        found[f"{source['source_name']}.{source['name']}", "source"] = source
    return found

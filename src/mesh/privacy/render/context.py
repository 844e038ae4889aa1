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

from mesh.privacy.render.branches import Circumstances
from mesh.privacy.render.library import (
    Definition,
    Library,
    Refused,
    Unknown,
    environment,
    give_back,
)
from mesh.privacy.render.relations import Cells, ColumnName, RelationName

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


class Argument(str):
    """A made-up argument of a macro: a name, a table or a list of one, as it is used."""

    def __getattr__(self, name: str) -> Argument:
        if name.startswith("__"):
            raise AttributeError(name)
        return Argument(f"{self}_{name}")

    def __iter__(self) -> Any:
        return iter([Argument(f"{self}_each")])


class Late:
    """Stands for something that differs from one rendering to the next."""

    def __init__(self, now: Callable[[], Any]) -> None:
        object.__setattr__(self, "_now", now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now(), name)

    def __getitem__(self, name: Any) -> Any:
        return self._now()[name]

    def __str__(self) -> str:
        return str(self._now())

    def __bool__(self) -> bool:
        return bool(self._now())

    def __eq__(self, other: object) -> bool:
        return bool(self._now() == other)

    def __hash__(self) -> int:
        return hash(self._now())

    def __contains__(self, name: object) -> bool:
        return name in self._now()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._now()(*args, **kwargs)


class Target:
    """The connection profile's target; every name of it is tried."""

    def __init__(
        self, circumstances: Circumstances, targets: tuple[str, ...], values: Mapping[str, str]
    ) -> None:
        first, *rest = targets
        self._values = values
        self.name = circumstances.text("target.name", first, *rest)
        self._circumstances = circumstances

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        plain = {"type": "trino", "threads": 4, "port": 443}
        if name in plain:
            return plain[name]
        if name == "target_name":
            return self.name
        value = self._values.get(name, f"target_{name}")
        return self._circumstances.text(f"target.{name}", value)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """The field of that name."""
        return getattr(self, name, default)


class Flags:
    """The flags of dbt's command line."""

    def __init__(self, circumstances: Circumstances) -> None:
        self._circumstances = circumstances

    def __getattr__(self, name: str) -> Any:
        if name == "FULL_REFRESH":
            return self._circumstances.ask("full refresh", False, True)
        if name == "WHICH":
            return self._circumstances.text("flags.WHICH", "run")
        return False


class Config:
    """``config`` of a node: called it sets nothing, asked it answers from the manifest."""

    def __init__(self, node: Mapping[str, Any]) -> None:
        self._values = node.get("config") or {}

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return ""

    def get(self, name: str, default: Any = None, validator: Any = None) -> Any:
        """The setting, or the default where it is not set."""
        value = self._values.get(name)
        return default if value is None else value

    def require(self, name: str, validator: Any = None) -> Any:
        """The setting."""
        return self._values.get(name)

    def persist_relation_docs(self) -> bool:
        """Whether descriptions go to the engine."""
        return False

    persist_column_docs = persist_relation_docs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._values.get(name)


class Adapter:
    """``adapter``: what can be answered from the manifest is, all else is unknown."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def dispatch(self, name: str, macro_namespace: str | None = None, **_: Any) -> Any:
        """The macro for this engine."""
        return self._context.library.dispatched(name, macro_namespace, ("trino", "default"))

    def get_relation(self, database: Any = None, schema: Any = None, identifier: Any = None) -> Any:
        """The table if it is there; both are tried."""
        relation = RelationName(database, schema, identifier)
        asked = self._context.now.circumstances
        return relation if asked.ask(f"table {relation}", True, False) else None

    def get_columns_in_relation(self, relation: Any) -> list[ColumnName]:
        """The columns of a table of the project."""
        if isinstance(relation, Late):
            relation = relation._now()
        names = self._context.facts.columns(relation)
        if names is None:
            raise Unknown(f"the columns of {relation} are not known")
        return [ColumnName(name) for name in names]

    def execute(self, sql: str, auto_begin: bool = False, fetch: bool = False, **_: Any) -> Any:
        """Note the statement; gives its marks."""
        return "OK", self._context.ran(sql)

    def quote(self, name: str) -> str:
        """The name in quotes."""
        return f'"{name}"'

    def type(self) -> str:
        """The engine."""
        return "trino"

    def check_schema_exists(self, *_: Any) -> bool:
        """Whether a schema is there."""
        return True

    def quote_as_configured(self, name: str, *_: Any) -> str:
        """The name in quotes."""
        return f'"{name}"'

    def drop_relation(self, *_: Any) -> None:
        """Nothing."""

    create_schema = drop_schema = rename_relation = cache_added = drop_relation

    def __getattr__(self, name: str) -> Any:
        raise Unknown(f"only a run knows what adapter.{name} gives")


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
        marks = []
        for place in range(len(names)):
            mark = f"{MARK}{next(self._marks)}_"
            self.now.marks[mark] = (sql, place)
            marks.append(mark)
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

    def _var(self, name: str, default: Any = None) -> Any:
        asked, key = self.now.circumstances, f"var {name}"
        package = self.now.node.get("package_name") or self.package
        own = self.facts.variables.get(package)
        values = {**self.facts.variables, **(own if isinstance(own, dict) else {})}
        value = values.get(name, default)
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
        ask = lambda *given: self.now.circumstances.ask(*given)  # noqa: E731
        model = Late(lambda: self.now.node)
        config = Late(lambda: Config(self.now.node))
        usual = _usual(self.facts.raw)
        moment = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
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
            "var": self._var,
            "env_var": self._env_var,
            "this": Late(self._this),
            "model": model,
            "node": model,
            "target": Late(lambda: Target(self.now.circumstances, self.facts.targets, usual)),
            "is_incremental": lambda: ask("incremental", False, True),
            "should_full_refresh": lambda: ask("full refresh", False, True),
            "execute": True,
            "flags": Late(self._flags),
            "run_query": self.ran,
            "statement": self._statement,
            "load_result": lambda name: self.now.results.get(name),
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
                datetime=datetime, re=re, itertools=itertools, pytz=SimpleNamespace(utc=datetime.UTC)
            ),
            "api": SimpleNamespace(Relation=_Relations, Column=_Columns),
            "fromjson": lambda text, default=None: json.loads(text),
            "tojson": lambda value, default=None, sort_keys=False: json.dumps(value, default=str),
            "fromyaml": lambda text, default=None: yaml.safe_load(text),
            "toyaml": lambda value, default=None, sort_keys=False: yaml.safe_dump(value),
            "set": lambda value, default=None: set(value),
            "set_strict": set,
            "zip": lambda *values, **_: list(zip(*values, strict=False)),
            "zip_strict": lambda *values: list(zip(*values, strict=False)),
            "local_md5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            "diff_of_two_dicts": lambda one, other: {},
            "project_name": self.package,
            "dbt_version": "1.11",
            "invocation_id": "invocation",
            "run_started_at": moment,
            "thread_id": "thread",
            "invocation_args_dict": {},
            "dbt_metadata_envs": {},
            "selected_resources": [],
            "schema": usual.get("schema", "target_schema"),
            "database": usual.get("database", "target_database"),
            "pre_hooks": [],
            "post_hooks": [],
            "schemas": [],
            "database_schemas": [],
            "results": [],
        }
        base["builtins"] = {name: base[name] for name in ("ref", "source", "config", "var")}
        base["builtins"]["env_var"] = self._env_var
        base["builtins"] = _Builtins(base["builtins"])
        return base


class _Builtins(dict[str, Any]):
    __getattr__ = dict.__getitem__


class _Relations:
    @staticmethod
    def create(
        database: Any = None, schema: Any = None, identifier: Any = None, type: Any = None, **_: Any
    ) -> RelationName:
        return RelationName(database, schema, identifier, type)


class _Columns:
    @staticmethod
    def translate_type(name: str) -> str:
        return name

    @staticmethod
    def numeric_type(name: str, precision: Any, scale: Any) -> str:
        return f"{name}({precision}, {scale})"

    @staticmethod
    def string_type(size: int) -> str:
        return "varchar"


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

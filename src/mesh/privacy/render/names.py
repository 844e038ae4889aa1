"""The things that dbt hands to templates: target, config, adapter, flags, variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh.privacy.render.branches import Circumstances
from mesh.privacy.render.library import Unknown
from mesh.privacy.render.relations import ColumnName, RelationName
from mesh.privacy.render.unsure import Unsure

if TYPE_CHECKING:
    from mesh.privacy.render.context import Context


class Argument(str):
    """A made-up argument of a macro: a name, a table or a list of one, as it is used."""

    def __getattr__(self, name: str) -> Argument:
        if name.startswith("__"):
            raise AttributeError(name)
        return Argument(f"{self}_{name}")

    def __iter__(self) -> Any:
        """One thing, as a list of one."""
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
        """Call what it stands for."""
        return self._now()(*args, **kwargs)


class Placed(Late):
    """The same for a table or node, whose schema and catalog another target can choose.

    Args:
        what: What it is called in templates.
        now: Gives it.
        text: Makes a text of which comparisons are noted.
    """

    def __init__(self, what: str, now: Callable[[], Any], text: Callable[[str, str], Any]) -> None:
        super().__init__(now)
        object.__setattr__(self, "_what", what)
        object.__setattr__(self, "_text", text)

    def _place(self, name: Any, value: Any) -> Any:
        if name in {"schema", "database"} and isinstance(value, str):
            return self._text(f"{self._what}.{name}", value)
        return value

    def __getattr__(self, name: str) -> Any:
        return self._place(name, getattr(self._now(), name))

    def __getitem__(self, name: Any) -> Any:
        return self._place(name, self._now()[name])


UNSET = object()
"""Stands for a default that is not given."""


@dataclass(frozen=True)
class Variables:
    """``var``: called it gives a variable; asked by ``has_var`` whether there is one."""

    get: Callable[..., Any]
    has_var: Callable[[str], bool]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The variable."""
        return self.get(*args, **kwargs)


NUMBERS = {"threads": 4, "port": 443}
"""Settings of a profile that are numbers."""


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
        if name == "type":
            return "trino"
        if name in NUMBERS:
            return Unsure(NUMBERS[name], f"target.{name}", lambda: self._circumstances)
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
        return Unsure(False, f"flags.{name}", lambda: self._circumstances)


class Config:
    """``config`` of a node: called it notes what it is given, asked it answers from the manifest.

    Args:
        node: The node.
        given: Takes the settings of every call.
    """

    def __init__(self, node: Mapping[str, Any], given: list[Mapping[str, Any]]) -> None:
        self._values = node.get("config") or {}
        self._given = given

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Nothing: the manifest has the settings of one target already."""
        self._given += [each for each in (*args, kwargs) if isinstance(each, Mapping)]
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


class Builtins(dict[str, Any]):
    """``builtins``: dbt's own functions, which a macro of the project may stand in for."""

    __getattr__ = dict.__getitem__


class RelationApi:
    """``api.Relation``."""

    @staticmethod
    def create(
        database: Any = None, schema: Any = None, identifier: Any = None, type: Any = None, **_: Any
    ) -> RelationName:
        """A table by its parts."""
        return RelationName(database, schema, identifier, type)


class ColumnApi:
    """``api.Column``."""

    @staticmethod
    def translate_type(name: str) -> str:
        """The type of Trino."""
        return name

    @staticmethod
    def numeric_type(name: str, precision: Any, scale: Any) -> str:
        """A type with precision and scale."""
        return f"{name}({precision}, {scale})"

    @staticmethod
    def string_type(size: int) -> str:
        """Text of any length."""
        return "varchar"

"""The macros of a project, found by name the way dbt finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from mesh.privacy.render.unsure import carrying, joined, length

TEST = re.compile(r"\{%(-?)\s*(end)?(?:data_)?test\b\s*(\w*)")
MATERIALIZATION = re.compile(
    r"\{%-?\s*materialization\b.*?\{%-?\s*endmaterialization\s*-?%\}", re.S
)
DEFINITION = re.compile(r"\{%-?\s*macro\s+(\w+)")


EXPORTED = "mesh_exported"
"""Name under which the template of a macro gives it."""


class Returned(BaseException):
    """What ``return(…)`` raises to end a macro with a value."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Refused(Exception):
    """The project itself refuses these circumstances, by raise_compiler_error."""


class Unknown(Exception):
    """Rendering needs something that only a run would know."""


class Missing(jinja2.Undefined):
    """A name that nothing defines: false in a condition, and nothing else."""

    def __str__(self) -> str:
        raise Unknown(f"{self._undefined_name} is not defined")


class Generator(CodeGenerator):
    """Compiles templates so that a text joined of unsure values is unsure too."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """The parts at a ``~``."""
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Environment(jinja2.sandbox.SandboxedEnvironment):
    """Jinja as dbt has it, with values of which nobody knows what they are in the next run."""

    code_generator_class = Generator
    joined = staticmethod(joined)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute; macros of packages may begin with ``_``."""
        return isinstance(value, Macro) or super().is_safe_attribute(obj, attr, value)


@cache
def environment() -> jinja2.Environment:
    """Jinja with what dbt adds to it."""
    env = Environment(
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        undefined=Missing,
        autoescape=False,  # it makes SQL
        cache_size=-1,
    )
    env.filters.update(
        as_bool=lambda value: str(value).lower() == "true",
        as_native=lambda value: value,
        as_number=float,
        as_text=str,
        length=length,
        count=length,
        random=_by_chance,
    )
    env.filters.update(carrying(env.filters))
    return env


def _by_chance(values: object) -> str:
    """Jinja's filter ``random``.

    Raises:
        Unknown: Every run picks another one.
    """
    raise Unknown("chance decides what it renders to")


def plain(text: str) -> str:
    """A macro file in plain Jinja: tests are macros, materializations are left out."""
    text = MATERIALIZATION.sub("", text)
    return TEST.sub(
        lambda m: f"{{%{m[1]} endmacro" if m[2] else f"{{%{m[1]} macro test_{m[3]}", text
    )


@dataclass(frozen=True)
class Definition:
    """The text of a macro and where it stands."""

    name: str
    package: str
    text: str
    path: str = ""


@dataclass
class Macro:
    """A macro that can be called; compiled when it first is."""

    definition: Definition
    names: Callable[[str], Mapping[str, Any]]
    _function: Callable[..., str] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; what ``return`` gives, else its text."""
        if self._function is None:
            # Jinja exports no name that begins with an underscore.
            exported = f"{{% set {EXPORTED} = {self.definition.name} %}}"
            template = environment().from_string(plain(self.definition.text) + exported)
            module = template.make_module(dict(self.names(self.definition.package)))
            self._function = getattr(module, EXPORTED)
        try:
            return self._function(*args, **kwargs)
        except Returned as returned:
            return returned.value


class Namespace:
    """The macros of one package, as ``package.macro``."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self._macros = macros

    def __getattr__(self, name: str) -> Macro:
        try:
            return self._macros[name]
        except KeyError:
            raise AttributeError(name) from None

    def get(self, name: str, default: Any = None) -> Any:
        """The macro, or the default."""
        return self._macros.get(name, default)


@dataclass
class Library:
    """All macros.

    Args:
        root: Name of the project, whose macros outweigh those of packages.
        base: What is there besides macros, under the names that dbt has for it.
        internal: Packages whose macros are everywhere, the outweighing ones first.
    """

    root: str
    base: dict[str, Any]
    internal: tuple[str, ...] = ("dbt_trino", "dbt")
    packages: dict[str, dict[str, Macro]] = field(default_factory=dict)
    _names: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, definitions: Iterable[Definition]) -> None:
        """Add macros."""
        for each in definitions:
            self.packages.setdefault(each.package, {})[each.name] = Macro(each, self.names)

    def names(self, package: str) -> dict[str, Any]:
        """Everything that has a name inside a package."""
        if package not in self._names:
            found: dict[str, Any] = {}
            for each in reversed(self.internal):
                found |= self.packages.get(each, {})
            # What stands for dbt's own functions outweighs the macros that ask an engine ...
            found |= self.base
            found |= {name: Namespace(macros) for name, macros in self.packages.items()}
            dbt: dict[str, Macro] = {}
            for each in reversed(self.internal):
                dbt |= self.packages.get(each, {})
            found["dbt"] = Namespace(dbt | self._replaced())
            # ... but never a macro that the project itself defines.
            found |= self.packages.get(self.root, {})
            if package not in self.internal:
                found |= self.packages.get(package, {})
            self._names[package] = found
        return self._names[package]

    def _replaced(self) -> dict[str, Any]:
        known = set().union(*(self.packages.get(each, {}) for each in self.internal))
        return {name: value for name, value in self.base.items() if name in known}

    def dispatched(self, name: str, namespace: str | None, prefixes: Iterable[str]) -> Macro:
        """The macro that ``adapter.dispatch`` finds.

        Raises:
            Unknown: There is none.
        """
        everywhere: dict[str, Macro] = {}
        for each in reversed(self.internal):
            everywhere |= self.packages.get(each, {})
        own = [] if namespace in (None, "dbt", *self.internal) else [str(namespace)]
        places = [self.packages.get(place, {}) for place in (self.root, *own)]
        for macros in (*places, everywhere):
            for prefix in prefixes:
                found = macros.get(f"{prefix}__{name}")
                if found is not None:
                    return found
        raise Unknown(f"no macro {name} is there for this engine")

    def call(self, expression: str) -> str:
        """The text of a call, such as ``redact('x')``."""
        template = environment().from_string("{{ " + expression + " }}")
        return template.render(self.names(self.root))

    @classmethod
    def of_folder(cls, folder: Path) -> Library:
        """The macros in the files of a folder, by themselves."""
        library = cls("own", {"var": lambda name, default=None: default, "return": give_back})
        for path in sorted(folder.glob("*.sql")):
            text = path.read_text()
            library.add(
                Definition(name, "own", text, str(path)) for name in DEFINITION.findall(text)
            )
        return library


def give_back(value: object = None) -> None:
    """``return`` of dbt's Jinja."""
    raise Returned(value)

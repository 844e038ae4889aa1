"""Walks a project node by node: what every column is made of, and which classes reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sqlglot import exp

from mesh.privacy import declarations, scan
from mesh.privacy.classes import SAME, Class
from mesh.privacy.columns.parts import (
    Column,
    ColumnRef,
    Relation,
    Step,
    Surroundings,
    Unfollowable,
    Use,
    Uses,
    union,
)
from mesh.privacy.columns.query import relation_of
from mesh.privacy.columns.statement import MadeOfText, Written, parse, query_of, written_by
from mesh.privacy.declarations import Declaration
from mesh.privacy.project import DbtProject
from mesh.privacy.render.branches import Circumstances, Way, ways
from mesh.privacy.render.context import Context, Facts, Rendering
from mesh.privacy.render.library import Refused
from mesh.privacy.render.relations import RelationName
from mesh.privacy.tables import Tables

Taint = tuple[ColumnRef, Class]
"""A column where a value enters, and the class it has by now."""

HARMLESS_SCHEMAS = frozenset({"information_schema"})
METADATA = "metadata:"


@dataclass(frozen=True)
class Problem:
    """Something that could not be followed, as the code and words of a finding."""

    code: str
    message: str


@dataclass
class Result:
    """What is known of a node.

    Args:
        relation: Its columns, over all ways in which it renders.
        taints: For every column the classes that reach it, each with the column and class that
            it came from; None where it entered here.
        texts: SQL of the ways it renders.
        written: What statements beside the query write.
        shown: What it makes of values that it shows in logs.
    """

    relation: Relation
    taints: dict[str, dict[Taint, tuple[ColumnRef, Class] | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    shown: Uses = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    """Nodes it reads that neither ref() nor source() named."""
    named: set[str] = field(default_factory=set)


class Analysis:
    """The columns of a project.

    Args:
        project: The project.
        smallest: Least number of people in a group that may be shown.
    """

    def __init__(self, project: DbtProject, smallest: int = 11) -> None:
        self.project = project
        self.tables = Tables(project.raw)
        self.results: dict[str, Result] = {}
        self.undeclared: dict[ColumnRef, None] = {}
        self._declared: dict[str, dict[str, Declaration]] = {}
        self._running: dict[str, Relation] = {}
        self._reads: list[set[str]] = [set()]
        self._elsewhere: list[set[str]] = [set()]
        self._smallest = smallest
        self.context = Context(
            Facts(
                project.raw,
                project.variables,
                project.targets,
                self._names_of,
                self._names_of_query,
            )
        )

    # What is declared ------------------------------------------------------------------------

    def declared(self, ref: ColumnRef) -> Declaration:
        """What the YAML says about a column."""
        if ref.node not in self._declared:
            node = self.tables.nodes.get(ref.node)
            self._declared[ref.node] = declarations.of_node(node) if node else {}
        return self._declared[ref.node].get(ref.column, declarations.UNDECLARED)

    def classes(self, ref: ColumnRef) -> frozenset[Class]:
        """The classes that a column can have."""
        return frozenset(each for _, each in self.taints(ref))

    def taints(self, ref: ColumnRef) -> Mapping[Taint, tuple[ColumnRef, Class] | None]:
        """The classes of a column with where they enter."""
        if ref.node.startswith(METADATA):
            return {}
        kind = self._kind(ref.node)
        if kind == "source":
            declared = self.declared(ref)
            if declared.cls is None:
                self.undeclared[ref] = None
                return {(ref, Class.UNKNOWN): None}
            return {(ref, declared.cls): None} if declared.cls is not Class.NONE else {}
        result = self.result(ref.node)
        found = result.taints.get(ref.column)
        if found is not None:
            return found
        # A column that a star may bring along.
        return {
            (ColumnRef(node, ref.column), Class.UNKNOWN): None
            for node in result.relation.open
            if not node.startswith(METADATA)
        }

    def _trusted_key(self, ref: ColumnRef) -> bool:
        origins = {origin for origin, _ in self.taints(ref)}
        return bool(origins) and all(
            self._kind(origin.node) == "source"
            and declarations.holds_key(origin.column, self.declared(origin))
            for origin in origins
        )

    def _kind(self, unique_id: str) -> str:
        node = self.tables.nodes.get(unique_id)
        return str(node["resource_type"]) if node else ""

    # What columns there are --------------------------------------------------------------------

    def result(self, unique_id: str) -> Result:
        """What is known of a model, snapshot or seed."""
        if unique_id not in self.results:
            if unique_id in self._running:
                return Result(self._running[unique_id])
            self.results[unique_id] = self._analysed(unique_id)
        return self.results[unique_id]

    def run(self) -> None:
        """Look at every node of the project, and at what those read."""
        nodes = self.tables.nodes
        order: TopologicalSorter[str] = TopologicalSorter(
            {
                unique_id: [d for d in _depends_on(node) if d in nodes]
                for unique_id, node in nodes.items()
            }
        )
        try:
            ordered = list(order.static_order())
        except CycleError:
            ordered = list(nodes)
        own = self.project.raw["metadata"].get("project_name")
        for unique_id in ordered:
            if nodes[unique_id]["resource_type"] != "source" and (
                nodes[unique_id]["package_name"] == own
            ):
                self.result(unique_id)

    def _lookup(self, parts: Any, metadata: bool = False) -> Relation:
        unique_id = self.tables.find(parts)
        if unique_id is None:
            if len(parts) > 1 and parts[-2] in HARMLESS_SCHEMAS:
                return Relation([], open=frozenset({METADATA + parts[-2]}))
            raise NoSuchTable(".".join(parts))
        if not metadata:
            self._reads[-1].add(unique_id)
        if self.tables.elsewhere(parts, unique_id):
            self._elsewhere[-1].add(".".join(parts))
        return self.shown_as(unique_id)

    def shown_as(self, unique_id: str) -> Relation:
        """A table as a query sees it."""
        node = self.tables.nodes[unique_id]
        if node["resource_type"] == "source":
            names = [name.lower() for name, _ in declarations.columns_of(node)]
            opened, people = frozenset({unique_id}), set()
        else:
            inner = self.result(unique_id).relation
            names = list(dict.fromkeys(column.name for column in inner.columns))
            opened = frozenset({unique_id}) if inner.open else frozenset()
            people = {column.name for column in inner.columns if column.people}
        columns = [
            Column(name, {Use(ColumnRef(unique_id, name), True, SAME): None}, name in people)
            for name in names
        ]
        return Relation(columns, {}, opened)

    def _names_of(self, relation: RelationName) -> list[str] | None:
        parts = [p for p in (relation.database, relation.schema, relation.identifier) if p]
        unique_id = self.tables.find([str(part) for part in parts])
        if unique_id is None:
            return None
        found = self.shown_as(unique_id)
        self._reads[-1].add(unique_id)
        return None if found.open and not found.columns else [c.name for c in found.columns]

    def _names_of_query(self, sql: str) -> list[str] | None:
        try:
            return [column.name for column in self._columns(sql, {}).columns]
        except Unfollowable:
            return None

    def _around(self, values: Mapping[str, Uses]) -> Surroundings:
        return Surroundings(
            self._lookup, self.classes, self._trusted_key, self._smallest, values
        )

    def _columns(self, sql: str, values: Mapping[str, Uses]) -> Relation:
        return relation_of(query_of(sql), self._around(values))

    def open_sources(self, relation: Relation) -> set[str]:
        """The sources of which a table may show columns that nobody declared."""
        found: set[str] = set()
        for each in relation.open:
            if self._kind(each) in {"model", "snapshot"} and each in self.results:
                inner = self.results[each].relation
                found |= {each} if each in inner.open else self.open_sources(inner)
            elif not each.startswith(METADATA):
                found.add(each)
        return found

    def steps(self, ref: ColumnRef, before: tuple[ColumnRef, Class], cls: Class) -> list[Step]:
        """The steps inside a node by which a class of another column reaches one of its own."""
        result = self.results.get(ref.node)
        for text in result.texts if result else []:
            around = replace(self._around({}), trace=True)
            try:
                columns = relation_of(query_of(text), around).named(ref.column)
            except Unfollowable:
                continue
            for column in columns:
                for use, step in column.uses.items():
                    if use.ref == before[0] and use.direct and use.change[before[1]] is cls:
                        return list(_chain(step))
        return []

    # Nodes --------------------------------------------------------------------------------------

    def _analysed(self, unique_id: str) -> Result:
        node = self.tables.nodes[unique_id]
        if node["resource_type"] == "seed":
            return self._seed(unique_id, node)
        named = {name.lower(): None for name, _ in declarations.columns_of(node)}
        self._running[unique_id] = _own(unique_id, named)
        self._reads.append(set())
        self._elsewhere.append(set())
        try:
            if node.get("language") == "python":
                result = Result(_own(unique_id, named))
                result.problems.append(Problem("PRIV011", "it is written in Python"))
            else:
                result = self._rendered(node, unique_id, named)
        finally:
            del self._running[unique_id]
            reads, elsewhere = self._reads.pop(), self._elsewhere.pop()
        result.reads = reads - result.named - {unique_id}
        for name in sorted(elsewhere):
            message = f"it reads {name}, a catalog that the project does not name"
            result.problems.append(Problem("PRIV006", message))
        self._taint(unique_id, result)
        return result

    def _seed(self, unique_id: str, node: Mapping[str, Any]) -> Result:
        names = [name.lower() for name, _ in declarations.columns_of(node)]
        rows = scan.rows_of(node, self.project.folder)
        header = [each.strip().lower() for each in rows[0]] if rows else []
        names = list(dict.fromkeys([*header, *names]))
        result = Result(Relation([Column(name, {}) for name in names]))
        self._taint(unique_id, result)
        personal = {column for column, _, _ in scan.personal_columns(rows)}
        for name in names:
            ref = ColumnRef(unique_id, name)
            unsaid = self.declared(ref).cls is None
            if unsaid and (name in personal or name in scan.PERSONAL_NAMES):
                result.taints[name][ref, Class.UNKNOWN] = None
        return result

    def _rendered(
        self, node: Mapping[str, Any], unique_id: str, named: Mapping[str, None]
    ) -> Result:
        result = Result(Relation([]))
        relations: list[Relation] = []
        for way in self._ways(node, node.get("raw_code") or "", result):
            text, rendering = way.result
            result.named |= rendering.named
            if text in result.texts:
                continue
            try:
                values = self._values(rendering, text)
                relation = self._columns(text, values)
            except Unfollowable as error:
                if not way.guessed:
                    self._problem(error, result)
                continue
            result.texts.append(text)
            self._run(rendering, rendering.statements, result, guessed=way.guessed)
            relations.append(relation)
            self._running[unique_id] = _own(
                unique_id, dict.fromkeys(c.name for r in relations for c in r.columns)
            )
        if not relations:
            result.relation = _own(unique_id, named)
            if not result.problems:
                result.problems.append(Problem("PRIV005", "no way of rendering it gives a query"))
            return result
        result.relation = _merged(relations, unique_id)
        if node["resource_type"] == "snapshot":
            result.relation = _snapshot(node, result.relation)
        return result

    def _ways(self, node: Mapping[str, Any], text: str, result: Result) -> Iterator[Way]:
        """The ways in which a text of a node renders; those that fail are noted."""

        def attempt(circumstances: Circumstances) -> tuple[str, Rendering]:
            rendering = Rendering(node, circumstances)
            return self.context.render(text, rendering), rendering

        found, whole = ways(attempt)
        if not whole:
            result.problems.append(Problem("PRIV005", f"it renders in more than {len(found)} ways"))
        compiled = node.get("compiled_code")
        for way in found:
            if way.error is None:
                yield way
            elif not isinstance(way.error, Refused) and not way.guessed:
                message = f"its Jinja cannot be followed: {way.error}"
                result.problems.append(Problem("PRIV005", message))
        if compiled and any(way.error is not None for way in found):
            yield Way((compiled, Rendering(node, Circumstances({}))), None, False)

    def _values(self, rendering: Rendering, text: str = "") -> dict[str, Uses]:
        """What the marks in a rendering are made of, where they are used."""
        found: dict[str, Uses] = {}
        texts = [text, *rendering.statements, *rendering.shown]
        for mark, (sql, place) in rendering.marks.items():
            if any(mark in each for each in texts):
                found[mark] = self._value(sql, place, found)
        return found

    def _value(self, sql: str, place: int, known: Mapping[str, Uses]) -> Uses:
        statements = parse(sql)
        if len(statements) == 1 and isinstance(statements[0], exp.Query):
            columns = relation_of(statements[0], self._around(known)).columns
            return columns[place].uses if place < len(columns) else {}
        if re.match(r"\s*show\s+stats", sql, re.I):
            raise Unfollowable("SHOW STATS gives least and greatest values")
        return {}

    def _problem(self, error: Unfollowable, result: Result) -> None:
        if isinstance(error, NoSuchTable):
            problem = Problem("PRIV006", f"it reads {error}")
        elif isinstance(error, MadeOfText):
            problem = Problem("PRIV010", str(error))
        else:
            problem = Problem("PRIV005", str(error))
        if problem not in result.problems:
            result.problems.append(problem)

    # Statements -----------------------------------------------------------------------------------

    def statements(self, node: Mapping[str, Any], text: str) -> Result:
        """What the statements of a hook or operation write and show."""
        result = Result(Relation([]))
        for way in self._ways(node, text, result):
            sql, rendering = way.result
            self._run(rendering, [*rendering.statements, sql], result, guessed=way.guessed)
        return result

    def query_of_test(self, node: Mapping[str, Any]) -> Result:
        """What the query of a test gives."""
        self._running[node["unique_id"]] = Relation([])
        try:
            return self._rendered(node, node["unique_id"], {})
        finally:
            del self._running[node["unique_id"]]

    def called(self, macro: str, package: str) -> Result:
        """What a macro writes and shows when it is run by itself."""
        result = Result(Relation([]))

        def attempt(circumstances: Circumstances) -> Rendering:
            rendering = Rendering({}, circumstances)
            self.context.call(macro, package, rendering)
            return rendering

        found, _ = ways(attempt)
        for way in found:
            if way.error is not None:
                if not isinstance(way.error, Refused) and not way.guessed:
                    result.problems.append(Problem("PRIV005", str(way.error)))
                continue
            self._run(way.result, way.result.statements, result, guessed=True)
        return result

    def _run(
        self, rendering: Rendering, texts: list[str], result: Result, *, guessed: bool
    ) -> None:
        try:
            values = self._values(rendering)
        except Unfollowable as error:
            self._problem(error, result)
            values = {}
        shown = [made for mark, made in values.items() if any(mark in s for s in rendering.shown)]
        result.shown = union([result.shown, *shown])
        for text in texts:
            if not text.strip() or text in result.texts:
                continue
            result.texts.append(text)
            try:
                for statement in parse(text):
                    result.written += written_by(statement, self._around(values))
            except Unfollowable as error:
                if not guessed or isinstance(error, MadeOfText):
                    self._problem(error, result)

    # Classes ---------------------------------------------------------------------------------------

    def _taint(self, unique_id: str, result: Result) -> None:
        for column in result.relation.columns:
            result.taints[column.name] = self.taints_of(column.uses, unique_id)
            declared = self.declared(ColumnRef(unique_id, column.name))
            if declared.cls not in (None, Class.NONE, Class.TECHNICAL):
                # What YAML says of a model can add to what its SQL shows, never take away.
                origin = ColumnRef(unique_id, column.name)
                result.taints[column.name].setdefault((origin, declared.cls), None)

    def taints_of(
        self, uses: Uses, unique_id: str = ""
    ) -> dict[Taint, tuple[ColumnRef, Class] | None]:
        """The classes that uses bring, each with the column and class it comes from."""
        found: dict[Taint, tuple[ColumnRef, Class] | None] = {}
        for use in uses:
            if not use.direct or use.ref.node == unique_id:
                continue
            for origin, before in self.taints(use.ref):
                now = use.change[before]
                if now is not Class.NONE:
                    found.setdefault((origin, now), (use.ref, before))
        return found


def _chain(step: Step | None) -> Iterator[Step]:
    if step is not None:
        yield from _chain(step.before)
        yield step


class NoSuchTable(Unfollowable):
    """A table that is nothing in the project."""


def _depends_on(node: Mapping[str, Any]) -> list[str]:
    found: list[str] = (node.get("depends_on") or {}).get("nodes") or []
    return found


def _own(unique_id: str, names: Mapping[str, None]) -> Relation:
    """A table of which only names are known, if they are."""
    columns = [Column(name, {Use(ColumnRef(unique_id, name), True, SAME): None}) for name in names]
    return Relation(columns, {}, frozenset({unique_id}))


def _merged(relations: list[Relation], unique_id: str) -> Relation:
    """What the ways of one node give together, by the names of their columns."""
    if len(relations) == 1:
        return relations[0]
    names = dict.fromkeys(column.name for each in relations for column in each.columns)
    columns = []
    for name in names:
        same = [column for each in relations for column in each.named(name)]
        columns.append(Column(name, union([c.uses for c in same]), all(c.people for c in same)))
    opened = frozenset().union(*(each.open for each in relations)) - {unique_id}
    return Relation(columns, union([each.rows for each in relations]), opened)


def _snapshot(node: Mapping[str, Any], relation: Relation) -> Relation:
    """A snapshot's own columns: its row id is an unkeyed hash of the unique key."""
    keys = node["config"].get("unique_key") or []
    keys = [keys] if isinstance(keys, str) else keys
    wanted = {str(key).lower() for key in keys}
    made = union([c.uses for c in relation.columns if c.name in wanted])
    if not made:
        made = union([column.uses for column in relation.columns])
    own = [Column("dbt_scd_id", made)]
    own += [Column(f"dbt_{name}", {}) for name in ("updated_at", "valid_from", "valid_to")]
    own.append(Column("dbt_is_deleted", {}))
    return Relation([*relation.columns, *own], relation.rows, relation.open)

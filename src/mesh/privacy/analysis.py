"""Goes through a project: what every column is made of, and which classes reach it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mesh.privacy import declarations, scan
from mesh.privacy.cache import Store, digest, packed, unpacked
from mesh.privacy.carried import Added, carry, written_over
from mesh.privacy.classes import HARMLESS, SAME, Class
from mesh.privacy.columns.parts import (
    GENERATED,
    Column,
    ColumnRef,
    Relation,
    Surroundings,
    Use,
    Uses,
    merged,
)
from mesh.privacy.declarations import Declaration
from mesh.privacy.order import in_order
from mesh.privacy.project import DbtProject
from mesh.privacy.render.context import Facts
from mesh.privacy.render.relations import RelationName
from mesh.privacy.result import Problem, Result, Taint, Taints
from mesh.privacy.settings import OTHERWISE, with_those_turned_on
from mesh.privacy.tables import Tables
from mesh.privacy.walk import NoSuchTable, Walker, own_columns

HARMLESS_SCHEMAS = frozenset({"information_schema"})
METADATA = "metadata:"
"""Begins the id of a table that holds no data of the project."""


class Analysis:
    """The columns of a project.

    Args:
        project: The project.
        smallest: Least number of people in a group that may be shown.
        store: Where results are kept; nowhere by default.
    """

    def __init__(self, project: DbtProject, smallest: int = 11, store: Store | None = None) -> None:
        project = replace(project, raw=with_those_turned_on(project.raw, project.packages))
        self.project = project
        self.tables = Tables(project.raw)
        self.results: dict[str, Result] = {}
        self.undeclared: dict[ColumnRef, None] = {}
        self.added: Added = {}
        self._store = store
        self._smallest = smallest
        self._declared: dict[str, dict[str, Declaration]] = {}
        self._running: dict[str, Relation] = {}
        self._looked: list[dict[str, str | None]] = [{}]
        self._looks: dict[str, str] = {}
        self.traced: dict[str, list[Relation]] = {}
        facts = Facts(
            project.raw,
            project.variables,
            project.targets,
            self._names_of,
            self._names_of_query,
        )
        self.walker = Walker(facts, self.around, self._running)

    # What is declared, and what reaches a column

    def declared(self, ref: ColumnRef) -> Declaration:
        """What the YAML says about a column."""
        if ref.node not in self._declared:
            node = self.tables.nodes.get(ref.node)
            self._declared[ref.node] = declarations.of_node(node) if node else {}
        return self._declared[ref.node].get(ref.column, declarations.UNDECLARED)

    def classes(self, ref: ColumnRef) -> frozenset[Class]:
        """The classes that a column can have."""
        return frozenset(each for _, each in self.taints(ref))

    def taints(self, ref: ColumnRef) -> Taints:
        """The classes of a column with where they enter."""
        if ref.node.startswith(METADATA):
            return {}
        if self.kind(ref.node) == "source":
            return self._of_source(ref)
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

    def _of_source(self, ref: ColumnRef) -> Taints:
        cls = self.declared(ref).cls
        if cls is None:
            self.undeclared[ref] = None
            cls = Class.UNKNOWN
        found: Taints = {(ref, cls): None} if cls is not Class.NONE else {}
        # One table can be declared twice, and the milder word is no mask.
        twins = [ColumnRef(each, ref.column) for each in self.tables.twins(ref.node)]
        said = {(each, self.declared(each).cls or Class.NONE): None for each in twins}
        return {**found, **{taint: None for taint in said if taint[1] is not Class.NONE}}

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

    def _kinds(self, ref: ColumnRef) -> frozenset[str]:
        return frozenset(
            declarations.kind_of(origin.column, self.declared(origin))
            for origin, cls in self.taints(ref)
            if cls not in HARMLESS
        )

    def _origins(self, ref: ColumnRef) -> frozenset[ColumnRef]:
        return frozenset(origin for origin, _ in self.taints(ref))

    def _trusted_key(self, ref: ColumnRef) -> bool:
        origins = {origin for origin, _ in self.taints(ref)}
        return bool(origins) and all(
            self.kind(origin.node) == "source"
            and declarations.holds_key(origin.column, self.declared(origin))
            for origin in origins
        )

    def kind(self, unique_id: str) -> str:
        """``source``, ``model``, ``seed`` or ``snapshot``; empty for what is no table."""
        node = self.tables.nodes.get(unique_id)
        return str(node["resource_type"]) if node else ""

    # Nodes

    def run(self, only: Collection[str] | None = None) -> None:
        """Look at every node of the project, or at some, and at what those read."""
        for unique_id in in_order(self.tables.nodes, only):
            if self.kind(unique_id) != "source" and self.is_own(self.tables.nodes[unique_id]):
                self.result(unique_id)
        if self._store is not None:
            self._store.save()

    def add(self, more: Added) -> bool:
        """Take in what statements write beside the queries; whether anything of it is new.

        If so, nothing that was known of any node counts any longer.
        """
        new = False
        for unique_id, columns in more.items():
            for column, taints in columns.items():
                known = self.added.setdefault(unique_id, {})
                new |= column not in known or not taints.keys() <= known[column].keys()
                known[column] = {**taints, **known.get(column, {})}
        if new:
            self.results.clear()
            self._looks.clear()
            self.traced.clear()
        return new

    def is_own(self, node: Mapping[str, Any]) -> bool:
        """Whether a node is the project's or of a package that lies in its folder."""
        return node["package_name"] in self.project.packages

    def result(self, unique_id: str) -> Result:
        """What is known of a model, snapshot or seed."""
        if unique_id not in self.results:
            if unique_id in self._running:
                return Result(self._running[unique_id])
            self.results[unique_id] = self._analysed(unique_id)
        return self.results[unique_id]

    def _analysed(self, unique_id: str) -> Result:
        node = self.tables.nodes[unique_id]
        if node["resource_type"] == "seed":
            return self._seed(unique_id, node)
        key = self._store.key(node) if self._store is not None else ""
        result = self._kept(unique_id, key)
        if result is None:
            result, looked = self._followed(node)
            if self._store is not None:
                looks = {
                    name: "itself" if found == unique_id else self._look(found)
                    for name, found in looked.items()
                }
                self._store.put(key, packed(result, looks))
        self._taint(unique_id, result)
        if result.settings:
            self.tables.nodes[unique_id] = {**node, OTHERWISE: result.settings}
        return result

    def _kept(self, unique_id: str, key: str) -> Result | None:
        entry = self._store.get(key) if self._store is not None else None
        if entry is None:
            return None
        # Nodes that are read come first, or a column of theirs may be asked for too early.
        self._running[unique_id] = own_columns(unique_id, {})
        try:
            for name, look in entry["looked"].items():
                if self._look(self.tables.find(name.split(" "))) != look:
                    return None
        finally:
            del self._running[unique_id]
        return unpacked(entry)

    def _look(self, unique_id: str | None) -> str:
        """How a table looks to those that read it: columns, classes and where these enter."""
        if unique_id is None or unique_id in self._running:
            return "none" if unique_id is None else "itself"
        if unique_id not in self._looks:
            relation = self.shown_as(unique_id)
            taints = {
                column.name: sorted(
                    (*origin, int(cls), self._trusted_key(origin), *self._kinds(origin))
                    for origin, cls in self.taints(ColumnRef(unique_id, column.name))
                )
                for column in relation.columns
            }
            people = [(c.name, sorted(c.marks)) for c in relation.columns if c.people or c.marks]
            names = [column.name for column in relation.columns]
            repeated = sorted((*use.ref, use.direct, use.change) for use in relation.repeated)
            self._looks[unique_id] = digest(
                unique_id, names, people, taints, sorted(relation.open), relation.pinned, repeated
            )
        return self._looks[unique_id]

    def of_test(self, node: Mapping[str, Any]) -> Result:
        """What a test gives and reads; nothing reads a test, so it is not kept."""
        return self._followed(node)[0]

    def _followed(self, node: Mapping[str, Any]) -> tuple[Result, Mapping[str, str | None]]:
        """What a node gives, and the tables that its queries name with what they are."""
        self._looked.append({})
        try:
            result = self._walked(str(node["unique_id"]), node)
        finally:
            looked = self._looked.pop()
        self._elsewhere(looked, result)
        return result, looked

    def _walked(self, unique_id: str, node: Mapping[str, Any]) -> Result:
        named = {name.lower(): None for name, _ in declarations.columns_of(node)}
        if node.get("language") == "python":
            result = Result(own_columns(unique_id, named))
            result.problems.append(Problem("PRIV011", "it is written in Python"))
            return result
        result = self.walker.node(node, named)
        found = {each for each in self._looked[-1].values() if each is not None}
        twins = {twin for each in result.named for twin in self.tables.twins(each)}
        result.reads = found - result.named - twins - {unique_id}
        return result

    def _elsewhere(self, looked: Mapping[str, str | None], result: Result) -> None:
        for name, unique_id in sorted(looked.items()):
            parts = name.split(" ")
            if unique_id is not None and self.tables.elsewhere(parts, unique_id):
                message = f"it reads {'.'.join(parts)}, of a catalog that the project does not name"
                result.problems.append(Problem("PRIV006", message))

    def _seed(self, unique_id: str, node: Mapping[str, Any]) -> Result:
        rows = scan.rows_of(node, self.project.folder)
        names = [each.strip().lower() for each in rows[0]] if rows else []
        names += [name.lower() for name, _ in declarations.columns_of(node)]
        result = Result(Relation([Column(name, {}) for name in dict.fromkeys(names)]))
        self._taint(unique_id, result)
        personal = {column for column, _, _ in scan.personal_columns(rows)}
        for name in result.taints:
            ref = ColumnRef(unique_id, name)
            unsaid = self.declared(ref).cls is None
            if unsaid and (name in personal or name in scan.PERSONAL_NAMES):
                result.taints[name][ref, Class.UNKNOWN] = None
        return result

    def _taint(self, unique_id: str, result: Result) -> None:
        added = self.added.get(unique_id, {})
        if added:
            result.relation = written_over(result.relation, added)
        for column in result.relation.columns:
            taints = self.taints_of(column.uses, unique_id)
            # One name can stand for two columns.
            found = result.taints.setdefault(column.name, {})
            result.taints[column.name] = {**taints, **found, **added.get(column.name, {})}
            origin = ColumnRef(unique_id, column.name)
            said = self.declared(origin).cls
            if said is not None and said not in HARMLESS:
                # What YAML says of a model can add to what its SQL shows, never take away.
                result.taints[column.name].setdefault((origin, said), None)
        while carry(unique_id, result):
            pass
        for use in {*result.relation.rows, *(u for c in result.relation.columns for u in c.uses)}:
            if not use.direct and self.kind(use.ref.node) == "source":
                self._of_source(use.ref)

    # What queries see

    def _lookup(self, parts: Sequence[str], metadata: bool = False) -> Relation:
        unique_id = self.tables.find(parts)
        if unique_id is None:
            if len(parts) > 1 and parts[-2] in HARMLESS_SCHEMAS:
                return Relation([], open=frozenset({METADATA + parts[-2]}))
            raise NoSuchTable(".".join(parts))
        if not metadata:
            self._looked[-1][" ".join(parts)] = unique_id
        return self.shown_as(unique_id)

    def shown_as(self, unique_id: str) -> Relation:
        """A table as a query sees it."""
        node = self.tables.nodes[unique_id]
        if node["resource_type"] == "source":
            names = [name.lower() for name, _ in declarations.columns_of(node)]
            opened, inner = frozenset({unique_id}), Relation([])
        else:
            inner = self.result(unique_id).relation
            names = list(dict.fromkeys(column.name for column in inner.columns))
            opened = frozenset({unique_id}) if inner.open else frozenset()
        columns = []
        listed = {GENERATED} if self._is_list(node) else set()
        for name in names:
            ref = ColumnRef(unique_id, name)
            same = merged(name, inner.named(name))
            marks = (
                same.marks
                | listed
                | declarations.marks_of(name, self.declared(ref), node["resource_type"])
            )
            columns.append(Column(name, {Use(ref, True, SAME): None}, same.people, marks))
        return Relation(columns, {}, opened, inner.pinned, repeated=inner.repeated)

    def _is_list(self, node: Mapping[str, Any]) -> bool:
        """Whether a table holds what is known without asking anybody: words, codes, numbers."""
        if node["resource_type"] == "seed":
            return True
        declared = declarations.of_node(node).values()
        return node["resource_type"] == "source" and all(d.cls is Class.NONE for d in declared)

    def _names_of(self, relation: RelationName) -> list[str] | None:
        parts = [p for p in (relation.database, relation.schema, relation.identifier) if p]
        try:
            found = self._lookup([str(part).lower() for part in parts])
        except NoSuchTable:
            return None
        return None if found.open and not found.columns else [c.name for c in found.columns]

    def _names_of_query(self, sql: str) -> list[str] | None:
        return self.walker.names_of_query(sql)

    def around(self, values: Mapping[str, Uses]) -> Surroundings:
        """What queries stand in; ``values`` are what marks in their text stand for."""
        return Surroundings(
            self._lookup,
            self.classes,
            self._kinds,
            self._trusted_key,
            self._smallest,
            values,
            origins=self._origins,
        )

    def open_sources(self, relation: Relation) -> set[str]:
        """The sources of which a table may show columns that nobody declared."""
        found: set[str] = set()
        for each in relation.open:
            if self.kind(each) in {"model", "snapshot"} and each in self.results:
                inner = self.results[each].relation
                found |= {each} if each in inner.open else self.open_sources(inner)
            elif not each.startswith(METADATA):
                found.add(each)
        return found

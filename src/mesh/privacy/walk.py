"""Renders a node in every way it can be and puts together what its SQL does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlglot import exp

from mesh.privacy.classes import SAME
from mesh.privacy.columns.parts import (
    Column,
    ColumnRef,
    Relation,
    Surroundings,
    Unfollowable,
    Use,
    Uses,
    merged,
    union,
)
from mesh.privacy.columns.query import relation_of
from mesh.privacy.columns.statement import MadeOfText, parse, query_of, told_by, written_by
from mesh.privacy.render.branches import Circumstances, Way, ways
from mesh.privacy.render.context import Context, Facts, Rendering
from mesh.privacy.render.library import Refused, Unknown
from mesh.privacy.result import Problem, Result
from mesh.privacy.settings import differing, in_project_file

PROBE = "mesh_probe"
"""Stands in a rendering for a value that somebody outside of the project gives."""

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")

Around = Callable[[Mapping[str, Uses]], Surroundings]


class NoSuchTable(Unfollowable):
    """A table that is nothing in the project."""


class Walker:
    """Walks the SQL of nodes.

    Args:
        facts: What templates can ask about the project.
        around: Gives what queries stand in, with what marks in their text stand for.
        running: Tables of nodes that are being walked, by id: what ``this`` shows of them.
    """

    def __init__(self, facts: Facts, around: Around, running: dict[str, Relation]) -> None:
        self.context = Context(facts)
        self._around = around
        self._running = running

    def node(self, node: Mapping[str, Any], named: Mapping[str, None]) -> Result:
        """What the query of a model, snapshot or test gives; ``named`` are columns of its YAML."""
        unique_id = node["unique_id"]
        self._running[unique_id] = own_columns(unique_id, named)
        try:
            result = Result(Relation([]))
            self._set_by_project(node, result)
            relations = list(self._relations(node, unique_id, result))
        finally:
            del self._running[unique_id]
        if not relations:
            result.relation = own_columns(unique_id, named)
            if not result.problems:
                result.problems.append(Problem("PRIV005", "no way of rendering it gives a query"))
            return result
        result.relation = _merged(relations, unique_id)
        if node["resource_type"] == "snapshot":
            result.relation = _snapshot(node, result.relation)
        return result

    def _relations(
        self, node: Mapping[str, Any], unique_id: str, result: Result
    ) -> Iterator[Relation]:
        names: dict[str, None] = {}
        for way in self._ways(node, node.get("raw_code") or "", result):
            text, rendering = way.result
            result.named |= rendering.named
            self._set(node, rendering.settings, result)
            if text in result.texts:
                continue
            try:
                around = self._around(self._values(rendering, text))
                relation = relation_of(query_of(text, around.values), around)
                self._named_from_outside(node, rendering)
            except Unfollowable as error:
                if not way.guessed:
                    note(error, result)
                continue
            result.texts.append(text)
            result.shown = union([result.shown, *around.shown])
            self._run(rendering, rendering.statements, result, guessed=way.guessed)
            names |= dict.fromkeys(column.name for column in relation.columns)
            self._running[unique_id] = own_columns(unique_id, names)
            yield relation

    def _set(self, node: Mapping[str, Any], given: list[Mapping[str, Any]], result: Result) -> None:
        """Keep the settings of one rendering."""
        found = differing(node, given)
        if found and found not in result.settings:
            result.settings.append(found)

    def _set_by_project(self, node: Mapping[str, Any], result: Result) -> None:
        """Keep the settings that Jinja in dbt_project.yml can give."""
        for key, text in in_project_file(node).items():
            for way in self._ways(node, text, Result(Relation([]))):
                self._set(node, [{key: way.result[0]}], result)

    def _named_from_outside(self, node: Mapping[str, Any], rendering: Rendering) -> None:
        """Refuse SQL in which the caller of dbt decides what a table or column is.

        Raises:
            Unfollowable: With another value there would be another name, or other SQL.
        """
        for name in sorted(rendering.outside):
            answers = rendering.circumstances.answers
            value = answers.get(name)
            if not isinstance(value, str) or NUMBER.fullmatch(value):
                continue
            other = Rendering(node, Circumstances({**answers, name: f"{PROBE}.{PROBE}"}))
            problem = f"the value of {name} decides what its SQL names"
            try:
                statements = parse(self.context.render(node.get("raw_code") or "", other))
            except Unfollowable as error:
                raise Unfollowable(problem) from error
            except Unknown as error:
                if PROBE in str(error):
                    raise Unfollowable(problem) from error
                continue
            except Refused:
                continue
            if any(_is_probed(part) for each in statements for part in each.walk()):
                raise Unfollowable(problem)

    def names_of_query(self, sql: str) -> list[str] | None:
        """Names of the columns of a query; None when it cannot be followed."""
        try:
            return [each.name for each in relation_of(query_of(sql), self._around({})).columns]
        except Unfollowable:
            return None

    def _ways(self, node: Mapping[str, Any], text: str, result: Result) -> Iterator[Way]:
        """The ways in which a text of a node renders; those that fail are noted."""

        def attempt(circumstances: Circumstances) -> tuple[str, Rendering]:
            rendering = Rendering(node, circumstances)
            return self.context.render(text, rendering), rendering

        found, whole = ways(attempt)
        if not whole:
            result.problems.append(Problem("PRIV005", f"it renders in more than {len(found)} ways"))
        for way in found:
            if way.error is None:
                yield way
            elif not isinstance(way.error, Refused) and not way.guessed:
                problem = Problem("PRIV005", f"its Jinja cannot be followed: {way.error}")
                if problem not in result.problems:
                    result.problems.append(problem)
        compiled = node.get("compiled_code")
        if compiled and text == node.get("raw_code") and any(way.error for way in found):
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
        if len(statements) == 1 and isinstance(statements[0], (exp.Query, exp.Values)):
            columns = relation_of(statements[0], self._around(known)).columns
            return columns[place].uses if place < len(columns) else {}
        if re.match(r"\s*show\s+stats", sql, re.I):
            raise Unfollowable("SHOW STATS gives least and greatest values")
        return {}

    def statements(self, node: Mapping[str, Any], text: str, *, run: bool = True) -> Result:
        """What the statements of a hook or operation write and show.

        Without ``run`` the text is rendered and no more, as dbt does with an analysis: only what
        rendering it runs counts.
        """
        result = Result(Relation([]))
        for way in self._ways(node, text, result):
            sql, rendering = way.result
            texts = [*rendering.statements, *([sql] if run else [])]
            self._run(rendering, texts, result, guessed=way.guessed)
        return result

    def macro(self, name: str, package: str) -> tuple[Result, bool]:
        """What a macro writes and shows when it is run by itself, and whether it has arguments."""
        result, arguments = Result(Relation([])), False

        def attempt(circumstances: Circumstances) -> tuple[Rendering, bool]:
            rendering = Rendering({}, circumstances)
            return rendering, self.context.call(name, package, rendering)

        for way in ways(attempt)[0]:
            if way.error is None:
                rendering, arguments = way.result
                self._run(rendering, rendering.statements, result, guessed=arguments)
            elif not isinstance(way.error, Refused) and not way.guessed:
                result.problems.append(Problem("PRIV005", str(way.error)))
        return result, arguments

    def _run(
        self, rendering: Rendering, texts: list[str], result: Result, *, guessed: bool
    ) -> None:
        try:
            values = self._values(rendering, "\n".join(texts))
        except Unfollowable as error:
            note(error, result)
            values = {}
        shown = [made for mark, made in values.items() if any(mark in s for s in rendering.shown)]
        result.shown = union([result.shown, *shown])
        for text in texts:
            if not text.strip() or text in result.texts:
                continue
            result.texts.append(text)
            try:
                for statement in parse(text):
                    around = self._around(values)
                    result.shown = union([result.shown, told_by(statement, values)])
                    result.written += written_by(statement, around)
                    result.shown = union([result.shown, *around.shown])
            except Unfollowable as error:
                if not guessed or isinstance(error, MadeOfText):
                    note(error, result)


def _is_probed(node: exp.Expr) -> bool:
    """Whether a node is a name that holds the probe: of anything but a catalog, or given anew."""
    if isinstance(node, exp.Table):
        return any(PROBE in part.name for part in node.parts[-2:])
    if isinstance(node, exp.Literal) or node.arg_key == "alias":
        return False
    if isinstance(node, exp.Identifier) and node.find_ancestor(exp.Table, exp.Column) is None:
        return PROBE in node.name
    if isinstance(node, exp.Column):
        return any(PROBE in part.name for part in node.parts)
    return isinstance(node, (exp.Anonymous, exp.Var)) and PROBE in node.name


def note(error: Unfollowable, result: Result) -> None:
    """Keep what could not be followed."""
    if isinstance(error, NoSuchTable):
        problem = Problem("PRIV006", f"it reads {error}")
    elif isinstance(error, MadeOfText):
        problem = Problem("PRIV010", str(error))
    else:
        problem = Problem("PRIV005", str(error))
    if problem not in result.problems:
        result.problems.append(problem)


def own_columns(unique_id: str, names: Mapping[str, None]) -> Relation:
    """A table of which only names are known, if they are."""
    columns = [Column(name, {Use(ColumnRef(unique_id, name), True, SAME): None}) for name in names]
    return Relation(columns, {}, frozenset({unique_id}))


def _merged(relations: list[Relation], unique_id: str) -> Relation:
    """What the ways of one node give together, by the names of their columns."""
    if len(relations) == 1:
        return relations[0]
    names = dict.fromkeys(column.name for each in relations for column in each.columns)
    columns = [merged(name, [c for each in relations for c in each.named(name)]) for name in names]
    opened: frozenset[str] = frozenset().union(*(each.open for each in relations))
    rows = union([each.rows for each in relations])
    pinned, repeated = any(r.pinned for r in relations), union([r.repeated for r in relations])
    return Relation(columns, rows, opened - {unique_id}, pinned, repeated=repeated)


def _watched(changed_at: str, relation: Relation) -> Column:
    """What the times of a snapshot are made of: a column, or an expression over columns."""
    if found := relation.named(changed_at):
        return merged(changed_at, found)
    try:
        parsed = parse(f"select {changed_at}") if changed_at else []
        names = {column.name.lower() for each in parsed for column in each.find_all(exp.Column)}
    except Unfollowable:
        names = {column.name for column in relation.columns}
    return merged(changed_at, [column for each in sorted(names) for column in relation.named(each)])


def _snapshot(node: Mapping[str, Any], relation: Relation) -> Relation:
    """A snapshot's own columns: its row id is an unkeyed hash of the unique key."""
    keys = (node.get("config") or {}).get("unique_key") or []
    keys = [keys] if isinstance(keys, str) else keys
    wanted = {str(key).lower() for key in keys}
    made = union([c.uses for c in relation.columns if c.name in wanted])
    if not made:
        made = union([column.uses for column in relation.columns])
    config = node.get("config") or {}
    changed_at = str(config.get("updated_at") or "").lower()
    watched = _watched(changed_at, relation)
    named = config.get("snapshot_meta_column_names") or {}
    times = ("dbt_updated_at", "dbt_valid_from", "dbt_valid_to")
    own = [Column("dbt_scd_id", made), Column("dbt_is_deleted", {})]
    own += [replace(watched, name=name) for name in times]
    own = [replace(each, name=str(named.get(each.name) or each.name).lower()) for each in own]
    return replace(relation, columns=[*relation.columns, *own])

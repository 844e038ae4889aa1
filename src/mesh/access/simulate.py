"""Answers as Trino does, from its rules alone: whole names match, the first rule decides.

Follows the engine's own file-based access control (version 476). Users have no roles or groups
here: accounts are matched by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from mesh.access.policy import INFORMATION_SCHEMA, SYSTEM_CATALOG, Treatment

Rule = Mapping[str, Any]
_LEVELS = {"none": 0, "read-only": 1, "all": 2, "owner": 3, True: 2, False: 0}
READ, WRITE, OWN = 1, 2, 3


@dataclass(frozen=True)
class Table:
    """A table's name in full."""

    catalog: str
    schema: str
    table: str

    def __str__(self) -> str:
        return f"{self.catalog}.{self.schema}.{self.table}"


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _fits(rule: Rule, **given: str) -> bool:
    """Whether each pattern that the rule has fits the whole of the value of its name."""
    return (
        "group" not in rule
        and "role" not in rule
        and all(
            name not in rule or _pattern(rule[name]).fullmatch(value)
            for name, value in given.items()
        )
    )


class Simulator:
    """The rules of one file, asked as one user at a time."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self.rules = rules
        self._decided: dict[tuple[str, Table], Rule | None] = {}

    @cached_property
    def _catalogs(self) -> list[Rule]:
        """The engine itself adds that everybody reaches ``system``."""
        return [*self.rules["catalogs"], {"catalog": SYSTEM_CATALOG, "allow": "all"}]

    def catalog_level(self, user: str, catalog: str) -> int:
        """0 for no access, then :data:`READ`, :data:`WRITE`, :data:`OWN`."""
        for rule in self._catalogs:
            if _fits(rule, user=user, catalog=catalog):
                return _LEVELS[rule["allow"]]
        return 0

    def _table_rule(self, user: str, table: Table) -> Rule | None:
        """The first rule that fits; remembered, because a table is asked about column by column."""
        key = (user, table)
        if key not in self._decided:
            self._decided[key] = self._first_table_rule(user, table)
        return self._decided[key]

    def _first_table_rule(self, user: str, table: Table) -> Rule | None:
        given = {"catalog": table.catalog, "schema": table.schema, "table": table.table}
        for rule in self.rules["tables"]:
            if _fits(rule, user=user, **given):
                return rule
        return None

    def privileges(self, user: str, table: Table) -> frozenset[str]:
        """What the user may do with a table, the catalog's own limit counted."""
        level = self.catalog_level(user, table.catalog)
        if level < READ:
            return frozenset()
        rule = self._table_rule(user, table)
        found = frozenset(rule["privileges"]) if rule else frozenset()
        return found if level >= WRITE else found & {"SELECT", "GRANT_SELECT"}

    def selects(self, user: str, table: Table, columns: Iterable[str] = ()) -> bool:
        """Whether a query over these columns is let through."""
        if self.catalog_level(user, table.catalog) < READ:
            return False
        if table.schema == INFORMATION_SCHEMA:
            return True
        rule = self._table_rule(user, table)
        if rule is None or not {"SELECT", "GRANT_SELECT"} & set(rule["privileges"]):
            return False
        return not _closed(rule) & set(columns)

    def treatment(self, user: str, table: Table, column: str) -> Treatment:
        """How the user sees a column: ``clear``, ``masked`` with the expression, ``hidden``."""
        if not self.selects(user, table, [column]):
            return Treatment("hidden")
        rule = self._table_rule(user, table) or {}
        for each in rule.get("columns", ()):
            if each["name"] == column and "mask" in each:
                return Treatment("masked", expression=each["mask"])
        return Treatment("clear")

    def keep(self, user: str, table: Table) -> str:
        """The condition on rows, empty for none."""
        rule = self._table_rule(user, table)
        keep = str(rule.get("filter", "")) if rule else ""
        return "" if keep == "true" else keep

    def executes_on(self, user: str, table: Table) -> bool:
        """Whether the user may ALTER TABLE … EXECUTE.

        No rule is about that in the engine; it refuses where rows are filtered or masked. Tables
        of catalog ``system`` have no procedures.
        """
        if table.catalog == SYSTEM_CATALOG:
            return False
        rule = self._table_rule(user, table) or {}
        masked = any("mask" in each for each in rule.get("columns", ()))
        return self.catalog_level(user, table.catalog) >= READ and not ("filter" in rule or masked)

    def constraints(self, user: str, table: Table) -> list[Rule]:
        """The columns that the deciding rule hides or masks."""
        rule = self._table_rule(user, table)
        return list(rule.get("columns", ())) if rule else []

    def shows_table(self, user: str, table: Table) -> bool:
        """Whether SHOW TABLES and information_schema list it."""
        if self.owns_schema(user, table.catalog, table.schema):
            return True
        if self.catalog_level(user, table.catalog) < READ:
            return False
        rule = self._table_rule(user, table)
        return table.schema == INFORMATION_SCHEMA or bool(rule and rule["privileges"])

    def shown_columns(self, user: str, table: Table, columns: Iterable[str]) -> set[str]:
        """The columns that information_schema and DESCRIBE list."""
        if not self.shows_table(user, table):
            return set()
        rule = self._table_rule(user, table) or {}
        if set(rule.get("privileges", ())) - {"SELECT", "GRANT_SELECT"}:
            return set(columns)
        return set(columns) - _closed(rule)

    def owns_schema(self, user: str, catalog: str, schema: str) -> bool:
        """Whether the user may make and drop the schema."""
        if self.catalog_level(user, catalog) < WRITE:
            return False
        for rule in self.rules["schemas"]:
            if _fits(rule, user=user, catalog=catalog, schema=schema):
                return bool(rule["owner"])
        return False

    def shows_catalog(self, user: str, catalog: str) -> bool:
        """Whether SHOW CATALOGS lists it."""
        level = self.catalog_level(user, catalog)
        return level >= OWN or (level >= READ and self._any(user, catalog=catalog))

    def shows_schema(self, user: str, catalog: str, schema: str) -> bool:
        """Whether SHOW SCHEMAS lists it."""
        level = self.catalog_level(user, catalog)
        return level >= READ and self._any(user, catalog=catalog, schema=schema)

    def _any(self, user: str, **given: str) -> bool:
        """Whether any rule, not only the first, gives the user something there."""
        giving: tuple[tuple[str, Callable[[Rule], Any]], ...] = (
            ("schemas", lambda rule: rule["owner"]),
            ("tables", lambda rule: rule["privileges"]),
            ("functions", lambda rule: rule["privileges"]),
            ("procedures", lambda rule: rule["privileges"]),
        )
        if "schema" not in given:
            giving += (("catalog_session_properties", lambda rule: rule["allow"]),)
        return any(
            gives(rule) and _fits(rule, user=user, **given)
            for section, gives in giving
            for rule in self.rules[section]
        )

    def owns_table(self, user: str, table: Table) -> bool:
        """Whether the user may create, alter, drop the table and see how it was made."""
        return "OWNERSHIP" in self.privileges(user, table)

    def executes(self, user: str) -> bool:
        """Whether the user may run queries at all."""
        return self._query(user, None, "execute")

    def views_query(self, user: str, owner: str) -> bool:
        """Whether the user sees a query of ``owner``."""
        return user == owner or self._query(user, owner, "view")

    def kills_query(self, user: str, owner: str) -> bool:
        """Whether the user may end a query of ``owner``."""
        return user == owner or self._query(user, owner, "kill")

    def _query(self, user: str, owner: str | None, mode: str) -> bool:
        for rule in self.rules["queries"]:
            wanted = rule.get("queryOwner")
            owned = wanted is None or (owner is not None and _pattern(wanted).fullmatch(owner))
            if owned and _fits(rule, user=user):
                return mode in rule["allow"]
        return False

    def sets_session(self, user: str, name: str, catalog: str = "") -> bool:
        """Whether the user may set a session property, of a catalog if one is given."""
        if catalog and self.catalog_level(user, catalog) < READ:
            return False
        section = "catalog_session_properties" if catalog else "system_session_properties"
        given = {"property": name, **({"catalog": catalog} if catalog else {})}
        for rule in self.rules[section]:
            if _fits(rule, user=user, **given):
                return bool(rule["allow"])
        return False

    def system_information(self, user: str, mode: str) -> bool:
        """Whether the user may ``read`` or ``write`` the engine's own state."""
        for rule in self.rules["system_information"]:
            if _fits(rule, user=user):
                return mode in rule["allow"]
        return False

    def impersonates(self, user: str, other: str) -> bool:
        """Whether the user may act as another."""
        for rule in self.rules["impersonation"]:
            if _fits(rule, original_user=user, new_user=other):
                return bool(rule.get("allow", True))
        return False

    def runs(self, section: str, user: str, catalog: str, schema: str, name: str) -> bool:
        """Whether the user may run a function or procedure that is not built in."""
        if self.catalog_level(user, catalog) < READ:
            return False
        given = {"catalog": catalog, "schema": schema, section.removesuffix("s"): name}
        for rule in self.rules[section]:
            if _fits(rule, user=user, **given):
                return "EXECUTE" in rule["privileges"]
        return False


def _closed(rule: Rule) -> set[str]:
    return {each["name"] for each in rule.get("columns", ()) if not each.get("allow", True)}

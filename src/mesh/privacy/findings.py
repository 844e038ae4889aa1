"""What the check for personal data says: its codes, and the findings that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Code:
    """A kind of finding: what it means and what to do about it."""

    code: str
    severity: str
    sentence: str
    remedy: str


OF_VALUES = "PRIV020"
"""The code of findings about landed values, which only a look at the lake or at files gives."""

CODES = {
    each.code: each
    for each in (
        Code(
            "PRIV001",
            "error",
            "A column of a source does not say how personal it is.",
            "Declare `config: {meta: {privacy: {class: …}}}` on the column of the source.",
        ),
        Code(
            "PRIV002",
            "error",
            "A column declares a class that does not exist.",
            "Use one of direct, quasi, sensitive, free_text, technical, none.",
        ),
        Code(
            "PRIV003",
            "error",
            "A published column gives personal values.",
            "Mask it where the path begins, by a macro of macros/privacy, or leave it out.",
        ),
        Code(
            "PRIV004",
            "error",
            "A published column gives values of a column that nobody classified.",
            "Declare the column where the path begins.",
        ),
        Code(
            "PRIV005",
            "error",
            "SQL or Jinja cannot be followed, so that nothing is known of its columns.",
            "Write it in SQL that names its tables and columns.",
        ),
        Code(
            "PRIV006",
            "error",
            "A table is read that is neither a model, a seed, a snapshot nor a source.",
            "Declare it as a source with its columns, and read it by source().",
        ),
        Code(
            "PRIV007",
            "warning",
            "A table of the project is read by its name and not by ref() or source().",
            "Use ref() or source(), so that dbt knows of it too.",
        ),
        Code(
            "PRIV008",
            "warning",
            "A published table shows every column of a source, also those that come later.",
            "Name the columns in one of the queries on the path.",
        ),
        Code(
            "PRIV009",
            "error",
            "A hook or operation puts personal values where they may not be.",
            "Build the table as a model, and mask its columns.",
        ),
        Code(
            "PRIV010",
            "error",
            "A statement is made of text, so that nothing is known of what it does.",
            "Write the statement itself.",
        ),
        Code(
            "PRIV011",
            "error",
            "A model in Python cannot be followed.",
            "Write it in SQL, or declare its table as a source with classified columns.",
        ),
        Code(
            "PRIV012",
            "error",
            "A test stores the rows that fail it, and they hold personal values.",
            "Set `store_failures: false`, or have the test select no such column.",
        ),
        Code(
            "PRIV013",
            "error",
            "A file of the project holds values that look like those of real people.",
            "Make the values up: 000-00-0000, name@example.org, 555-0100.",
        ),
        Code(
            "PRIV014",
            "error",
            "Values of a query are shown in a log, an error or the words of a statement.",
            "Log counts and names of tables, never values.",
        ),
        Code(
            "PRIV015",
            "error",
            "A waiver is over or not complete.",
            "Mend what it was for, or decide anew and write the new date.",
        ),
        Code("PRIV016", "warning", "A waiver is for nothing that is found.", "Take it out."),
        Code(
            "PRIV017",
            "error",
            "A protection that the base branch has is gone.",
            "Put it back, or take the decision to a steward and record it as a waiver.",
        ),
        Code(
            "PRIV018",
            "warning",
            "Groups by several generalised attributes are counted, however small they are.",
            "Show the figure through small_cell().",
        ),
        Code(
            "PRIV019",
            "error",
            "The project replaces a part of dbt that decides what is written.",
            "Take the macro out, or have the model use the macro of dbt.",
        ),
        Code(
            "PRIV021",
            "error",
            "Groups of people by personal attributes are counted, however small they are.",
            "Leave small ones out: small_cell(), or having count(distinct …) >= 11.",
        ),
        Code(
            OF_VALUES,
            "error",
            "Landed values look more personal than their column is declared.",
            "Declare the column of the source as what it holds, or have the sender leave it out.",
        ),
    )
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not in order.

    Args:
        node: Name of the model, source, test, seed, hook or macro.
        column: Its column, empty where it is about the whole.
        cls: Class in question, empty where there is none.
        path: Steps from where the value enters to where it was found, in words.
        file: File to look at, from the root of the project.
    """

    code: str
    node: str
    message: str
    column: str = ""
    cls: str = ""
    path: tuple[str, ...] = ()
    hint: str = ""
    severity: str = ""
    file: str = field(default="", compare=False)

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON that tools read."""
        return {
            "code": self.code,
            "severity": self.level,
            "node": self.node,
            "column": self.column,
            "class": self.cls,
            "path": list(self.path),
            "message": self.message,
            "hint": self.hint or CODES[self.code].remedy,
            "file": self.file,
        }

    @property
    def subject(self) -> str:
        """What it is about: the node, with its column where there is one."""
        return f"{self.node}.{self.column}" if self.column else self.node

    @property
    def level(self) -> str:
        """``error`` or ``warning``."""
        return self.severity or CODES[self.code].severity


def gone(node: Mapping[str, Any], message: str, column: str = "", cls: str = "") -> Finding:
    """The finding about a protection that a node, source or macro had."""
    source = f"{node['source_name']}.{node['name']}" if "source_name" in node else ""
    file = str(node.get("original_file_path") or "")
    return Finding("PRIV017", source or str(node["name"]), message, column, cls, file=file)

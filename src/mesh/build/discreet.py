"""Keeps values of rows out of the engine's error texts, wherever dbt writes them.

Trino quotes the value that it cannot cast or compute with, and that value may be a person's. dbt
copies the text to its log, its artifacts, Elementary's tables, the report of a pull request and
Dagster. So it is held back where it enters: in the client's exception.
"""

from __future__ import annotations

from typing import Any

OF_THE_STATEMENT = frozenset(
    {
        # What the analyser says of the statement's own text, names and types.
        "AMBIGUOUS_NAME",
        "CATALOG_NOT_FOUND",
        "COLUMN_ALREADY_EXISTS",
        "COLUMN_NOT_FOUND",
        "COLUMN_TYPE_UNKNOWN",
        "DUPLICATE_COLUMN_NAME",
        "DUPLICATE_NAMED_QUERY",
        "EXPRESSION_NOT_AGGREGATE",
        "EXPRESSION_NOT_IN_DISTINCT",
        "EXPRESSION_NOT_SCALAR",
        "FUNCTION_NOT_AGGREGATE",
        "FUNCTION_NOT_FOUND",
        "FUNCTION_NOT_WINDOW",
        "INVALID_COLUMN_REFERENCE",
        "INVALID_TABLE_PROPERTY",
        "MISMATCHED_COLUMN_ALIASES",
        "MISSING_COLUMN_ALIASES",
        "MISSING_COLUMN_NAME",
        "MISSING_GROUP_BY",
        "NESTED_AGGREGATION",
        "NESTED_WINDOW",
        "NOT_SUPPORTED",
        "PERMISSION_DENIED",
        "SCHEMA_NOT_FOUND",
        "SYNTAX_ERROR",
        "TABLE_ALREADY_EXISTS",
        "TABLE_NOT_FOUND",
        "TYPE_MISMATCH",
        "TYPE_NOT_FOUND",
        # What goes wrong whatever the values are, or names a column alone.
        "CLUSTER_OUT_OF_MEMORY",
        "CONSTRAINT_VIOLATION",
        "DIVISION_BY_ZERO",
        "EXCEEDED_CPU_LIMIT",
        "EXCEEDED_GLOBAL_MEMORY_LIMIT",
        "EXCEEDED_LOCAL_MEMORY_LIMIT",
        "EXCEEDED_TIME_LIMIT",
        "MERGE_TARGET_ROW_MULTIPLE_MATCHES",
        "NO_NODES_AVAILABLE",
        "SERVER_SHUTTING_DOWN",
        "SERVER_STARTING_UP",
        "SUBQUERY_MULTIPLE_ROWS",
        "TOO_MANY_REQUESTS_FAILED",
        "USER_CANCELED",
    }
)
"""Names of Trino's errors (StandardErrorCode) whose text says nothing of a row's values."""

HELD_BACK = (
    "the text may quote a value and is held back; to read it, run the node's compiled SQL "
    'with ./mesh sql --catalog CATALOG "..."'
)


def message_of(name: str | None, message: str) -> str:
    """The message of an error of that name, as it may be written down."""
    return message if name in OF_THE_STATEMENT else HELD_BACK


def apply() -> None:
    """Have every exception of the Trino client in this process keep values to itself."""
    from trino.exceptions import TrinoQueryError

    whole: Any = vars(TrinoQueryError)["message"]

    def message(error: Any) -> str:
        return message_of(error.error_name, whole.fget(error))

    if not getattr(whole.fget, "discreet", False):
        message.discreet = True  # type: ignore[attr-defined]
        type.__setattr__(TrinoQueryError, "message", property(message))

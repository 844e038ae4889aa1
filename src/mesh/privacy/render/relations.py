"""What stands in a template for tables, columns and the rows of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar


@dataclass(frozen=True)
class RelationName:
    """A table as dbt's ``Relation`` shows it, which macros of packages ask for a mapping."""

    database: str | None
    schema: str | None
    identifier: str | None
    type: str | None = "table"
    metadata: ClassVar[dict[str, str]] = {"type": "TrinoRelation"}

    def get(self, name: str, default: Any = None) -> Any:
        """The part of that name."""
        return getattr(self, name, default)

    def __str__(self) -> str:
        parts = (self.database, self.schema, self.identifier)
        return ".".join(f'"{part}"' for part in parts if part)

    render = __str__

    @property
    def name(self) -> str | None:
        """The table's own name."""
        return self.identifier

    table = name
    is_table = True
    is_view = False
    is_cte = False
    is_materialized_view = False

    def include(
        self, database: bool = True, schema: bool = True, identifier: bool = True
    ) -> RelationName:
        """Without the parts that are false."""
        return replace(
            self,
            database=self.database if database else None,
            schema=self.schema if schema else None,
            identifier=self.identifier if identifier else None,
        )

    def quote(self, **parts: bool) -> RelationName:
        """The same: Trino folds names whether quoted or not."""
        return self

    def incorporate(self, path: dict[str, str] | None = None, **more: Any) -> RelationName:
        """With other parts."""
        return replace(self, **(path or {}), type=more.get("type", self.type))

    def without_identifier(self) -> RelationName:
        """The schema."""
        return self.include(identifier=False)

    information_schema = without_identifier


Mapping.register(RelationName)


@dataclass(frozen=True)
class ColumnName:
    """A column as dbt's ``Column`` shows it; every type is text."""

    name: str
    dtype: str = "varchar"

    @property
    def column(self) -> str:
        """Its name."""
        return self.name

    @property
    def quoted(self) -> str:
        """Its name in quotes."""
        return f'"{self.name}"'

    data_type = dtype

    def is_string(self) -> bool:
        """Whether it is text."""
        return True

    def string_size(self) -> int:
        """The greatest number of its characters."""
        return 2**31 - 1

    def is_number(self) -> bool:
        """Whether it is a number."""
        return False

    is_numeric = is_integer = is_float = is_number


class Cells:
    """The rows of a query nobody ran: one row, whose values are marks that can be traced."""

    def __init__(self, names: list[str], marks: list[str]) -> None:
        self.column_names = tuple(names)
        self._marks = marks

    @property
    def rows(self) -> list[Row]:
        """The one row."""
        return [Row(self.column_names, self._marks)]

    @property
    def columns(self) -> Columns:
        """The columns, by place or name."""
        return Columns(self.column_names, self._marks)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, place: int) -> Row:
        return self.rows[place]


class Row(list[str]):
    """A row, by place or name."""

    def __init__(self, names: tuple[str, ...], values: list[str]) -> None:
        super().__init__(values)
        self.names = names

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, str):
            folded = [name.lower() for name in self.names]
            return list.__getitem__(self, folded.index(place.lower()))
        return list.__getitem__(self, place)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except ValueError:
            raise AttributeError(name) from None

    def values(self) -> list[str]:
        """The values."""
        return list(self)

    def dict(self) -> dict[str, str]:
        """The values by name."""
        return dict(zip(self.names, self, strict=False))


class Columns:
    """The columns of the rows."""

    def __init__(self, names: tuple[str, ...], marks: list[str]) -> None:
        self._cells = [Cell(name, mark) for name, mark in zip(names, marks, strict=False)]

    def __getitem__(self, place: int | str) -> Cell:
        if isinstance(place, int):
            return self._cells[place]
        return next(cell for cell in self._cells if cell.name.lower() == place.lower())

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


class Cell:
    """A column of one value."""

    def __init__(self, name: str, mark: str) -> None:
        self.name = name
        self._mark = mark

    def values(self) -> list[str]:
        """The one value."""
        return [self._mark]

    values_distinct = values

    def __iter__(self) -> Iterator[str]:
        return iter([self._mark])

    def __getitem__(self, place: int) -> str:
        return [self._mark][place]

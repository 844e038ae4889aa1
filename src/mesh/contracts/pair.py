"""A contract beside the model that makes its table, and the columns that only one of them has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from mesh.build.nodes import Manifest, Node
from mesh.contracts.document import Key
from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract

SYNC = "`./mesh contract sync` writes the YAML from the contract"


@dataclass(frozen=True)
class Pair:
    """A contract and the model that makes its table."""

    contract: Contract
    node: Node
    manifest: Manifest

    def finding(
        self,
        code: str,
        path: tuple[Key, ...],
        element: str,
        found: str,
        expected: str,
        hint: str = SYNC,
    ) -> Finding:
        """A finding about a part of the contract."""
        line, column = self.contract.place(path)
        return Finding(
            self.contract.file,
            line,
            column,
            code,
            element,
            found,
            expected,
            hint,
            product=self.contract.product,
        )

    @property
    def yaml(self) -> str:
        """The file that describes the model."""
        return self.node.yaml_path or self.node.path


def missing(
    pair: Pair, given: Collection[str], code: str, found: str, hint: str
) -> Iterator[Finding]:
    """The columns of the contract that are not among the given names."""
    for column in pair.contract.table.columns:
        if column.name.lower() not in given:
            expected = "a column of the contract"
            yield pair.finding(code, column.path, column.name, found, expected, hint)


def extra(
    pair: Pair, given: Iterable[str], code: str, found: str, otherwise: str
) -> Iterator[Finding]:
    """The given names that are no columns of the contract."""
    wanted = {column.name.lower() for column in pair.contract.table.columns}
    path = (*pair.contract.table.path, "properties")
    for name in given:
        if name not in wanted:
            hint = f"add it to the contract, or {otherwise}"
            yield pair.finding(code, path, name, found, "the columns of the contract", hint)

"""Tables of the lake for Python, by PyIceberg, without an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.core.settings import Lake

if TYPE_CHECKING:
    from pyiceberg.table import Table


def load_table(lake: Lake, reference: str, table: str) -> Table:
    """A table as a branch or release of the lake shows it.

    Args:
        lake: The lake.
        reference: Branch or release, such as ``main``.
        table: Its name, ``schema.table``.

    Raises:
        LakeError: The lake does not answer, or has no such reference or table.
    """
    from mesh.landing.tables import open_catalog, translated

    with translated(reference):
        found: Table = open_catalog(lake, reference).load_table(table)
    return found

"""Which columns of a product a model notices that reads it through another one.

:mod:`mesh.privacy.lineage` says what every column is made of and what decides which rows there
are; here it is followed back from a model to the product.
"""

from __future__ import annotations

from collections.abc import Collection

from mesh.build.nodes import Manifest, Node
from mesh.privacy.lineage import Lineage


def columns_reached(
    lineage: Lineage, manifest: Manifest, node: Node, product: Node, between: Collection[str]
) -> frozenset[str] | None:
    """The columns of ``product`` that the columns or rows of ``node`` come from.

    Args:
        lineage: What every column is made of.
        manifest: The project.
        node: A model, snapshot or seed.
        product: Where to end.
        between: Ids of the models that lead from one to the other, with that of ``node``.

    Returns:
        Their names in lower case; None where a model between could not be followed whole.
    """
    behind = _behind(manifest, node, between)
    if not all(_is_followed(lineage, each) for each in behind):
        return None
    ahead = [ref for ref in lineage.columns if ref.node == node.unique_id]
    ahead += [ref for each in behind for ref in lineage.rows[each]]
    seen = set(ahead)
    while ahead:
        ref = ahead.pop()
        if ref.node in behind and ref in lineage.columns:
            made = lineage.columns[ref]
            fresh = (made.direct | made.indirect) - seen
            seen |= fresh
            ahead += fresh
    return frozenset(ref.column for ref in seen if ref.node == product.unique_id)


def _behind(manifest: Manifest, node: Node, between: Collection[str]) -> set[str]:
    """The node and those of ``between`` that it reads, over any number of steps."""
    found = {node.unique_id}
    ahead = [node]
    while ahead:
        for each in ahead.pop().depends_on:
            if each in between and each not in found:
                found.add(each)
                ahead.append(manifest.nodes[each])
    return found


def _is_followed(lineage: Lineage, unique_id: str) -> bool:
    """Whether all of a model is known: no fault, no table of which a star may bring more."""
    result = lineage.analysis.results.get(unique_id)
    return result is not None and not result.problems and not result.relation.open

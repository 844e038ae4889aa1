"""A contract in other forms: the standard, JSON Schema of a row, the simple form."""

from __future__ import annotations

import json

from mesh.contracts.json_schema import json_schema
from mesh.contracts.model import Contract
from mesh.contracts.simple_form import simple
from mesh.contracts.write import as_yaml
from mesh.core.errors import InputError

FORMS = ("odcs", "jsonschema", "simple")


def export(contract: Contract, form: str) -> str:
    """The contract in a form: ``odcs``, ``jsonschema`` or ``simple``.

    Raises:
        InputError: There is no such form, or it is one of a single table and there are several.
    """
    if form not in FORMS:
        raise InputError(f"there is no form {form!r}", expected=", ".join(FORMS))
    if form == "odcs":
        return as_yaml(contract.raw)
    if len(contract.tables) > 1:
        raise InputError(
            f"the contract describes {len(contract.tables)} tables: "
            + ", ".join(table.name for table in contract.tables),
            where=contract.file,
            expected=f"one table: the form {form} has room for no more",
            hint="split the contract, or export it as odcs",
        )
    if form == "jsonschema":
        return json.dumps(json_schema(contract), indent=2, ensure_ascii=False) + "\n"
    return as_yaml(simple(contract))

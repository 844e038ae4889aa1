"""The YAML of models, read and written with the layout that people gave it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from mesh.contracts.merge_text import apply_change
from mesh.core.errors import MeshError


def load(text: str, file: str) -> CommentedMap:
    """What a file says.

    Raises:
        MeshError: The text is no YAML of models.
    """
    try:
        data = _writer().load(text)
    except Exception as error:
        raise MeshError(f"the model YAML cannot be read: {error}", where=file) from error
    if not isinstance(data, CommentedMap):
        raise MeshError("the file describes no models", where=file, expected="models: […]")
    return data


def dumped(data: Any) -> str:
    """The text of a file as a program lays it out."""
    stream = io.StringIO()
    _writer().dump(data, stream)
    return stream.getvalue()


def changed(text: str, before: str, data: Any, file: str) -> str:
    """The text with what ``data`` says now, in the layout of the text as far as that is possible.

    Args:
        text: The file as it is.
        before: The file as a program lays it out.
        data: What it has to say.
        file: The file, for messages.

    Raises:
        MeshError: No text was found that says it: then the file is better left alone.
    """
    after = dumped(data)
    if after == before:
        return text
    for made in (apply_change(text, before, after), after):
        if _says(made, data):
            return made
    raise MeshError(
        "the model YAML cannot be changed without harm to what else it says",
        where=file,
        expected="the entry of the model in plain block style",
        hint="write there by hand what `./mesh check contracts` misses",
    )


def plain(value: Any) -> Any:
    """A value without its layout, for comparing."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def _says(text: str, data: Any) -> bool:
    try:
        return bool(plain(_writer().load(text)) == plain(data))
    except YAMLError:
        return False


def _writer() -> YAML:
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 100_000  # nothing is folded that was not
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.brace_single_entry_mapping_in_flow_sequence = True
    return writer

"""Rules for every text file: UTF-8, one newline at the end, no trailing blanks, no conflict marks.

``python -m mesh.checks.text [--fix] FILE...`` is what git's hook runs; only the standard library
is imported, so that a hook over a few files takes no time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

TRAILING = re.compile(rb"[ \t\r]+$")
CONFLICT = re.compile(rb"^(<{7} |={7}$|>{7} )")


def faults(content: bytes) -> Iterator[tuple[int, str]]:
    """The faults of a file as line, counted from 1, and sentence."""
    lines = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            yield number, "is not UTF-8"
        if TRAILING.search(line):
            yield number, "ends with blanks"
        if CONFLICT.match(line):
            yield number, "holds a mark of a merge conflict"
    if content and not content.endswith(b"\n"):
        yield len(lines), "the file does not end with a newline"
    if content.endswith(b"\n\n"):
        yield len(lines) - 1, "the file ends with empty lines"


def mended(content: bytes) -> bytes:
    """The file without the faults that have one right answer."""
    lines = [TRAILING.sub(b"", line) for line in content.split(b"\n")]
    body = b"\n".join(lines).rstrip(b"\n")
    return body + b"\n" if body else b""


def main(arguments: Sequence[str]) -> int:
    """Check the files, or mend them; 1 when there is a fault."""
    fix = "--fix" in arguments
    found = False
    for path in (Path(name) for name in arguments if name != "--fix"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if fix and mended(content) != content:
            path.write_bytes(mended(content))
        for line, sentence in () if fix else faults(content):
            sys.stdout.write(f"{path}:{line}: {sentence}\n")
            found = True
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Pages of other tools in the site: as they are, but they may ask no other host for anything."""

from __future__ import annotations

import re
from pathlib import Path

POLICY = "default-src 'self' file: data: blob: 'unsafe-inline' 'unsafe-eval'; form-action 'none'"
"""Their scripts stand in the page, so those may run; whatever lies elsewhere is not fetched."""

_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(rb"<link\b[^>]*\bhref=[\"']?(?:https?:)?//[^>]*>", re.IGNORECASE)


def keep_to_itself(page: Path) -> None:
    """Give a page a policy that closes the network, and drop its links to fonts elsewhere.

    Elementary's report asks for web fonts and reports its use; dbt's page can do the latter.
    """
    text = page.read_bytes()
    head = _HEAD.search(text)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'.encode()
    start = head.end() if head else 0
    text = text[:start] + meta + text[start:]
    # Only tags of the head: further on the same text may stand in a script.
    body = text.lower().find(b"<script")
    body = len(text) if body < 0 else body
    page.write_bytes(_LINK.sub(b"", text[:body]) + text[body:])

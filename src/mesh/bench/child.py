"""What the processes that are measured find in their environment."""

from __future__ import annotations

import os

from mesh.core.paths import ROOT


def environment(**own: str) -> dict[str, str]:
    """This process's variables for one that runs the code of this tree, with ``own`` over them."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **own}

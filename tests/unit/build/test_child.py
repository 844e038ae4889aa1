"""What a run starts ends with it, even when the run is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

SLEEPER = """
import os, sys, threading, time
from mesh.build import child
threading.Thread(target=child.follow, args=(os.getppid(),), daemon=True).start()
open(sys.argv[1], "w").write(str(os.getpid()))
try:
    time.sleep(60)
except KeyboardInterrupt:
    open(sys.argv[1] + ".interrupted", "w").write("yes")
"""


def test_a_child_is_interrupted_when_its_parent_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    call = f"[sys.executable, '-c', {SLEEPER!r}, {str(mark)!r}]"
    code = f"import subprocess, sys; subprocess.call({call})"
    parent = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 20
    while not mark.exists() or not mark.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child = psutil.Process(int(mark.read_text()))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    child.wait(timeout=15)
    assert Path(f"{mark}.interrupted").read_text() == "yes"

"""Landing when something runs out: memory, disk, patience."""

from __future__ import annotations

import os
import resource
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.landing.files import BY_NAME
from mesh.landing.land import land
from mesh.stack import lifecycle
from tests.stack.lake_parts import head
from tests.stack.landing_parts import empty_branch
from tests.unit.landing.exports import header_of, row_of, write_export

pytestmark = pytest.mark.stack

OBSERVATIONS = BY_NAME["observations.csv"]
MEGABYTE = 1 << 20

# ru_maxrss would begin with what this process holds: Linux hands it on when another is started.
LAND_AND_TELL_PEAK = """
import re, resource, sys
from pathlib import Path
from mesh.core.settings import Lake
from mesh.landing.land import land
print("landing", flush=True)
landed = land(Lake.current(), sys.argv[1], Path(sys.argv[2]))
print(sum(each.rows for each in landed))
status = Path("/proc/self/status")
if status.exists():
    print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2)
"""


@pytest.fixture
def ref(lake: Lake) -> Iterator[str]:
    """A branch with nothing on it."""
    with empty_branch(lake) as name:
        yield name


def big_export(folder: Path, megabytes: int) -> int:
    """An export with one big file; gives its rows. No two rows in a megabyte are the same."""
    rows = [",".join(row_of(OBSERVATIONS, secrets.token_hex(16))) + "\n" for _ in range(3000)]
    block = "".join(rows).encode()
    write_export(folder)
    blocks = megabytes * MEGABYTE // len(block)
    with (folder / OBSERVATIONS.name).open("wb") as file:
        file.write(header_of(OBSERVATIONS).encode())
        for _ in range(blocks):
            file.write(block)
    return blocks * len(rows)


def landing_process(ref: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LAND_AND_TELL_PEAK, ref, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def peak_megabytes(ref: str, folder: Path, rows: int) -> int:
    process = landing_process(ref, folder)
    said, _ = process.communicate(timeout=600)
    _, landed, peak = said.split()
    assert process.returncode == 0
    assert int(landed) == rows + len(BY_NAME) - 1
    return int(peak)


def test_memory_does_not_grow_with_the_file(lake: Lake, ref: str, tmp_path: Path) -> None:
    small, large = 200, 500
    peaks = []
    for size in (small, large):
        folder = tmp_path / f"{size}-mb"
        rows = big_export(folder, size)
        peaks.append(peak_megabytes(ref, folder, rows))
        (folder / OBSERVATIONS.name).unlink()
    assert peaks[1] - peaks[0] < (large - small) / 3
    assert peaks[1] < 900


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let the object store write no file of more than ``size`` bytes, as if its disk were full."""
    (pid,) = [s.pid for s in lifecycle.status() if s.service == "s3"]
    assert pid is not None
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits other processes")
def test_a_full_disk_lands_nothing_and_says_so(lake: Lake, ref: str, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    rows = big_export(folder, 20)
    before = head(lake, ref)
    with no_file_beyond(64 * 1024), pytest.raises(LakeError) as caught:
        land(lake, ref, folder)
    assert "the object store refused" in caught.value.message
    assert "disk full" in str(caught.value.hint)
    assert head(lake, ref) == before
    assert sum(each.rows for each in land(lake, ref, folder)) == rows + len(BY_NAME) - 1


def test_a_landing_that_is_killed_leaves_the_branch_as_it_was(
    lake: Lake, ref: str, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    rows = big_export(folder, 150)
    before = head(lake, ref)
    process = landing_process(ref, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "landing\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    said = process.communicate()[0]
    assert not said, "the landing was done before it was killed"
    assert head(lake, ref) == before
    assert sum(each.rows for each in land(lake, ref, folder)) == rows + len(BY_NAME) - 1

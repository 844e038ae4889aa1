"""Generating: what is refused before, and what a generator that fails leaves behind.

A shell script stands in for Java here, because these tests are about its failures; the real
generator runs in tests/stack.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mesh.core.errors import InputError, MeshError
from mesh.landing import synthea
from mesh.landing.files import FILES
from tests.unit.landing.exports import write_export


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MESH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def generator(tmp_path: Path, script: str) -> Path:
    """An executable that runs ``script`` with the output folder in ``$out``."""
    path = tmp_path / "java"
    find_out = 'for last in "$@"; do :; done; out="${last#--exporter.baseDirectory=}"\n'
    path.write_text("#!/bin/sh\n" + find_out + textwrap.dedent(script))
    path.chmod(0o755)
    return path


def working(tmp_path: Path) -> Path:
    ready = write_export(tmp_path / "ready")
    script = f'echo "1 -- A"; echo "2 -- B"; mkdir -p "$out"; cp -r {ready} "$out/csv"\n'
    return generator(tmp_path, script + f'echo "$@" >> {tmp_path}/calls\n')


def nothing_is_left(home: Path) -> bool:
    return not list((home / "input").iterdir())


@pytest.mark.parametrize(("patients", "seed"), [(0, 1), (-3, 1), (5, -1)])
def test_numbers_out_of_range_are_refused_before_anything(
    home: Path, patients: int, seed: int
) -> None:
    with pytest.raises(InputError, match=r"cannot be generated|the seed is"):
        synthea.generate(patients, seed, java=Path("/nonexistent"), classpath=[])
    assert not home.exists()


def test_an_export_appears_whole_and_is_made_once(home: Path, tmp_path: Path) -> None:
    java = working(tmp_path)
    seen: list[tuple[int, int]] = []
    folder = synthea.generate(
        2, 7, java=java, classpath=[Path("a.jar")], report=lambda *n: seen.append(n)
    )
    assert folder == home / "input" / "synthea-3.3.0-p2-s7"
    assert {file.name for file in FILES} <= {path.name for path in folder.iterdir()}
    assert seen == [(1, 2), (2, 2)]
    assert synthea.generate(2, 7, java=java, classpath=[]) == folder
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert "-cp a.jar App -p 2 -s 7 -cs 7 -r 20260101 -e 20260101" in call
    assert "--generate.thread_pool_size=1" in call


def test_a_generator_that_fails_is_quoted_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    java = generator(tmp_path, 'mkdir -p "$out/csv"; echo "no heap for you" >&2; exit 3\n')
    with pytest.raises(MeshError, match="exit code 3; it said: no heap for you"):
        synthea.generate(2, 7, java=java, classpath=[])
    assert nothing_is_left(home)


def test_an_export_that_is_not_whole_is_refused_and_leaves_nothing(
    home: Path, tmp_path: Path
) -> None:
    ready = write_export(tmp_path / "ready")
    claims = ready / "claims.csv"
    claims.write_bytes(claims.read_bytes()[:-5])
    java = generator(tmp_path, f'mkdir -p "$out"; cp -r {ready} "$out/csv"\n')
    with pytest.raises(MeshError, match=r"not whole: .* may be cut off"):
        synthea.generate(2, 7, java=java, classpath=[])
    assert nothing_is_left(home)


def run_until_it_says_one(tmp_path: Path, home: Path) -> tuple[subprocess.Popen[str], int]:
    """A process that generates; gives it and the generator's pid once that is at work."""
    java = generator(tmp_path, f'echo $$ > {tmp_path}/pid; echo "1 -- A"; exec sleep 600\n')
    code = (
        "from pathlib import Path; from mesh.landing import synthea\n"
        f"synthea.generate(2, 7, java=Path({str(java)!r}), classpath=[],\n"
        "    report=lambda *_: print('one', flush=True))\n"
    )
    env = {**os.environ, "MESH_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "one\n"
    return process, int((tmp_path / "pid").read_text())


def ended(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_an_interrupt_ends_the_generator_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    process, pid = run_until_it_says_one(tmp_path, home)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode != 0
    assert ended(pid)
    assert nothing_is_left(home)


def test_what_a_killed_run_left_is_not_taken_for_an_export_and_is_removed(
    home: Path, tmp_path: Path
) -> None:
    process, pid = run_until_it_says_one(tmp_path, home)
    left = home / "input" / f".synthea-3.3.0-p2-s7.{process.pid}"
    write_export(left / "csv")
    process.kill()
    process.communicate(timeout=20)
    os.kill(pid, signal.SIGKILL)
    folder = synthea.generate(2, 7, java=working(tmp_path), classpath=[])
    assert not left.exists()
    assert list((home / "input").iterdir()) == [folder]

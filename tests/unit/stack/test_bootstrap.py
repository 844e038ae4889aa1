"""The script that makes the environment, and the locks it makes it from."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mesh.core.paths import ROOT

SCRIPT = ROOT / "mesh"
LOCK = (ROOT / "requirements.lock").read_text()


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that works on a checkout of its own."""
    loader = SourceFileLoader("mesh_bootstrap", str(SCRIPT))
    loader.set_data = lambda *_, **__: None  # type: ignore[method-assign] # no cache file
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text("one==1\n")
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "LOCK", str(tmp_path / "requirements.lock"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "mesh.stamp"))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    return module


def test_an_old_python_can_read_it_and_it_imports_only_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 6))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))


def test_an_environment_counts_only_when_it_was_completed_from_this_lock(
    bootstrap: ModuleType, tmp_path: Path
) -> None:
    stamp = bootstrap.wanted_stamp()
    assert not bootstrap.in_order(stamp)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "mesh.stamp").write_text(stamp)
    assert not bootstrap.in_order(stamp), "its Python is gone"
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert bootstrap.in_order(stamp)
    (tmp_path / "requirements.lock").write_text("one==2\n")
    assert not bootstrap.in_order(bootstrap.wanted_stamp())


def test_an_unsupported_python_without_another_is_told_so(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "SUPPORTED", ((2, 0),))
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SystemExit) as caught:
        bootstrap.find_python()
    assert caught.value.code == 2
    assert "Python 3.11, 3.12 or 3.13 is needed" in capsys.readouterr().err


def test_a_missing_home_and_a_proxy_are_mended(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org")
    monkeypatch.setenv("NO_PROXY", "intra.example.org")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("SSL_CERT_FILE", "kept")
    bootstrap.mend_environment()
    assert Path(os.environ["HOME"]).is_dir()
    assert os.environ["NO_PROXY"] == "intra.example.org,127.0.0.1,localhost"
    assert os.environ["SSL_CERT_FILE"] == "kept"


def test_a_python_that_may_not_write_beside_the_sources_keeps_what_it_compiles_elsewhere(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    bootstrap.mend_environment()
    package = tmp_path / "src"
    package.mkdir()
    (package / "compiled_once.py").write_text("")
    subprocess.run([sys.executable, "-c", "import compiled_once"], cwd=package, check=True)
    assert [path.name for path in package.iterdir()] == ["compiled_once.py"]
    assert list((tmp_path / ".venv" / "bytecode").rglob("compiled_once.*.pyc"))


@pytest.mark.parametrize(("tool", "given"), [("dbt", "7"), ("pytest", "None")])
def test_only_the_tools_are_given_the_addresses(
    bootstrap: ModuleType, tmp_path: Path, tool: str, given: str
) -> None:
    """The .pth file in a real interpreter, started the way a tool's script is."""
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    bootstrap.link_sources()
    lines = (site / "mesh.pth").read_text().replace(f"{tmp_path}/src", f"{ROOT}/src")
    (site / "mesh.pth").write_text(lines)
    (tmp_path / "dbt.env").write_text('{"MESH_DEV_PORT": "7"}')
    script = tmp_path / tool
    script.write_text(
        "import os, site, sys\n"
        f"site.addsitedir({str(site)!r})\n"
        "print(os.environ.get('MESH_DEV_PORT'))\n"
    )
    # Outside of the environment, whose own .pth file would answer instead.
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    found = subprocess.run(
        [python, script],
        env={"MESH_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == given


def test_the_locks_hash_everything_and_name_no_address() -> None:
    for text in (LOCK, (ROOT / "platform" / "bootstrap.lock").read_text()):
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in entry for entry in entries)
        assert "//" not in text
        assert "--" not in re.sub(r"--hash=", "", text)


def test_the_lock_satisfies_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-zA-Z0-9_.-]+)==(\S+)", LOCK, re.MULTILINE):
        locked.setdefault(canonicalize_name(name), []).append(version)
    for text in wanted:
        requirement = Requirement(text)
        versions = locked.get(canonicalize_name(requirement.name), [])
        assert versions, f"{text} is not locked"
        assert all(requirement.specifier.contains(version) for version in versions), text

"""The lock and what it says about files."""

from __future__ import annotations

import importlib
import re
import tarfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dbt.clients import registry
from jgo.constants import MAVEN_CENTRAL_URL

from mesh.checks.lint import tracked
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT
from mesh.stack import artifacts, distribution
from mesh.stack.artifacts import Artifact, locked


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("org.gaul:s3proxy:4.1.0:jar", "org/gaul/s3proxy/4.1.0/s3proxy-4.1.0.jar"),
        ("io.trino:server:476:tar.gz", "io/trino/server/476/server-476.tar.gz"),
        ("a.b:c:1.2:runner:jar", "a/b/c/1.2/c-1.2-runner.jar"),
    ],
)
def test_coordinates_give_the_path_in_a_repository(name: str, path: str) -> None:
    assert Artifact(name, "", 0).path == path


def test_the_lock_is_complete_and_names_no_host() -> None:
    sets = locked()
    assert set(sets) == {"s3proxy", "nessie", "trino", "synthea"}
    for artifact in (one for rows in sets.values() for one in rows):
        assert re.fullmatch(r"[0-9a-f]{64}", artifact.sha256), artifact
        assert artifact.size > 0
    assert "//" not in (ROOT / "platform" / "artifacts.lock").read_text()


def test_no_file_of_the_repository_names_a_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their addresses come from the tools, so that a machine's own settings are never passed by."""
    monkeypatch.delenv("DBT_PACKAGE_HUB_URL", raising=False)  # a mirror, read when it is imported
    hub = importlib.reload(registry).DEFAULT_REGISTRY_BASE_URL
    addresses = (MAVEN_CENTRAL_URL, hub)
    hosts = [str(urlsplit(address).hostname) for address in addresses]
    hosts += [".".join(name) for name in (("pypi", "org"), ("files", "pythonhosted", "org"))]
    assert all("." in host for host in hosts)
    named = [
        (path, host)
        for path in tracked()
        for host in hosts
        if host.encode() in (ROOT / path).read_bytes()
    ]
    assert named == []


def test_the_annotations_come_before_the_jar_that_lacks_them() -> None:
    first, second = locked()["s3proxy"]
    assert "jackson-annotations" in first.name
    assert "jar-with-dependencies" in second.name


def test_a_damaged_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("x = [{ nonsense = 1 }]")
    with pytest.raises(ArtifactError, match="lock cannot be read") as caught:
        locked(tmp_path / "lock")
    assert caught.value.where == str(tmp_path / "lock")


def test_an_unknown_set_is_named_with_the_known_ones() -> None:
    with pytest.raises(ArtifactError, match="no set 'hive'") as caught:
        artifacts.classpath("hive")
    assert "synthea" in (caught.value.expected or "")


def test_a_short_file_in_the_cache_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_CACHE", str(tmp_path))
    artifact = Artifact("a:b:1:jar", "0" * 64, 10)
    artifact.cached.parent.mkdir(parents=True)
    artifact.cached.write_bytes(b"123456789")
    assert not artifact.present
    artifact.cached.write_bytes(b"1234567890")
    assert artifact.present


def test_too_small_a_disk_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_CACHE", str(tmp_path))
    monkeypatch.setenv("MESH_MAVEN_URL", "http://127.0.0.1:9")
    with pytest.raises(ArtifactError, match="the disk of the cache has"):
        artifacts.ensure([Artifact("a:b:1:jar", "0" * 64, 1 << 60)])


def archive(path: Path) -> Path:
    """A server as Trino packs it: one jar per content, links wherever else it is used."""
    with tarfile.open(path, "w:gz") as tar:

        def add(name: str, content: bytes = b"", link: str = "") -> None:
            member = tarfile.TarInfo(f"trino-server-1/{name}")
            if link:
                member.type, member.linkname = tarfile.LNKTYPE, f"trino-server-1/{link}"
            member.size = len(content)
            tar.addfile(member, BytesIO(content))

        add("README.txt", b"hello")
        add("lib/core.jar", b"core")
        add("plugin/accumulo/shared.jar", b"shared")
        add("plugin/accumulo/own.jar", b"own")
        add("plugin/iceberg/shared.jar", link="plugin/accumulo/shared.jar")
        add("plugin/iceberg/core.jar", link="lib/core.jar")
        add("plugin/iceberg/iceberg.jar", b"iceberg")
    return path


def test_only_the_wanted_plugins_are_unpacked_and_links_followed(tmp_path: Path) -> None:
    distribution.unpack(archive(tmp_path / "a.tar.gz"), tmp_path / "home")
    home = tmp_path / "home"
    found = {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}
    assert found == {
        "lib/core.jar": b"core",
        "plugin/iceberg/core.jar": b"core",
        "plugin/iceberg/shared.jar": b"shared",
        "plugin/iceberg/iceberg.jar": b"iceberg",
    }


def test_a_broken_archive_leaves_nothing(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a.tar.gz").read_bytes()
    (tmp_path / "a.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArtifactError, match=r"a\.tar\.gz cannot be unpacked"):
        distribution.unpack(tmp_path / "a.tar.gz", tmp_path / "home")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]

"""The files of a revision are those that were committed, and stay in their folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mesh.core.errors import MeshError
from mesh.core.git import blobs, commit_of, contents, fork_of, write_tree


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with attributes that would bend an archive, and things that are no files."""
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / ".gitattributes").write_text("hidden export-ignore\nstamp export-subst\n")
    (root / "a" / "hidden").write_text("one\ntwo\n")
    (root / "a" / "stamp").write_text("$Format:%H$")
    (root / "a" / "b" / "name with ü and\ttab").write_bytes(b"\0\n\xff")
    (root / "a" / "empty").touch()
    (root / "a" / "link").symlink_to("b")
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def test_files_are_written_as_they_were_committed(root: Path, tmp_path: Path) -> None:
    commit = commit_of(root, "main")
    place = tmp_path / "place"
    write_tree(root, commit, place)
    names = git(root, "ls-files", "-z").split("\0")
    files = [name for name in names if name and not (root / name).is_symlink()]
    assert (place / "a" / "link").readlink() == Path("b")
    assert len(files) == 6
    for name in files:
        assert (place / name).read_bytes() == (root / name).read_bytes()
    assert (place / "run").stat().st_mode & 0o111


def test_a_folder_of_the_repository_is_a_root_too(root: Path, tmp_path: Path) -> None:
    commit = commit_of(root / "a", "HEAD")
    write_tree(root / "a", commit, tmp_path / "place", "b")
    found = [p for p in (tmp_path / "place").rglob("*") if p.is_file()]
    assert [p.parent.name for p in found] == ["b"]
    assert blobs(root, commit, "nothing") == []
    assert list(contents(root, [])) == []


def test_a_branch_is_compared_with_where_it_began(root: Path) -> None:
    began = commit_of(root, "main")
    git(root, "checkout", "-q", "-b", "change")
    git(root, "commit", "-q", "--allow-empty", "-m", "ours")
    assert fork_of(root, "main") == (began, 0)
    git(root, "checkout", "-q", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "theirs")
    git(root, "checkout", "-q", "change")
    assert fork_of(root, "main") == (began, 1)
    git(root, "checkout", "-q", "--orphan", "other")
    git(root, "commit", "-q", "--allow-empty", "-m", "alone")
    assert fork_of(root, "main") == (commit_of(root, "main"), 0)


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "main:run", ""])
def test_what_is_no_revision_is_told(root: Path, name: str) -> None:
    with pytest.raises(MeshError, match="there is no revision"):
        commit_of(root, name)


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="not a git repository"):
        commit_of(tmp_path, "HEAD")


@pytest.mark.parametrize("target", ["/etc", "../../..", "b/../../../x"])
def test_a_link_that_leads_outside_is_refused(root: Path, tmp_path: Path, target: str) -> None:
    (root / "a" / "out").symlink_to(target)
    git(root, "add", ".")
    git(root, "commit", "-qm", "second")
    with pytest.raises(MeshError, match="leads outside: a/out"):
        write_tree(root, commit_of(root, "HEAD"), tmp_path / "place")


def test_nothing_is_written_outside_of_the_folder(root: Path, tmp_path: Path) -> None:
    content = git(root, "rev-parse", "HEAD:run")
    entry = b"100644 ..\0" + bytes.fromhex(content)
    make = ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    done = subprocess.run(make, cwd=root, input=entry, check=True, capture_output=True)
    commit = git(root, "commit-tree", "-m", "crafted", done.stdout.decode().strip())
    with pytest.raises(MeshError, match="outside"):
        write_tree(root, commit, tmp_path / "place")

"""What git holds: revisions, and the files of one as they were committed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mesh.core.errors import MeshError

PLAIN = {"100644": 0o644, "100755": 0o755}
"""The kinds of entries of a tree that are files, with the rights of one that is written."""
LINK = "120000"


@dataclass(frozen=True)
class Blob:
    """A file of a commit.

    Args:
        name: Its path, relative to the folder that was asked.
        mode: The rights of the file.
        object: Under which name git holds the content.
        size: Bytes of the content.
    """

    name: str
    mode: int
    object: str
    size: int

    @property
    def is_link(self) -> bool:
        """Whether the content is where a link leads to."""
        return self.mode == 0


def commit_of(root: Path, revision: str) -> str:
    """The commit that a revision means.

    Raises:
        MeshError: There is no such revision in the repository of ``root``, or no git.
    """
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return run(root, *asked, otherwise=f"there is no revision {revision!r}").decode().strip()


def fork_of(root: Path, revision: str) -> tuple[str, int]:
    """The commit at which the checkout left a revision, and how many came there since.

    Where the two have no commit in common, the revision itself.

    Raises:
        MeshError: There is no such revision, or no git.
    """
    commit = commit_of(root, revision)
    try:
        fork = run(root, "merge-base", "HEAD", commit).decode().strip()
    except MeshError:
        return commit, 0
    return fork, int(run(root, "rev-list", "--count", f"{fork}..{commit}"))


def blobs(root: Path, commit: str, *folders: str) -> list[Blob]:
    """The files of a commit below ``root``, or below some of its folders.

    They are read as they were committed: an archive of git would leave out, and write into, what
    attributes tell it to. Links are among them with the mode 0, submodules are not.

    Raises:
        MeshError: There is no such commit, or no git.
    """
    listed = run(root, "ls-tree", "-r", "-z", "-l", commit, "--", *folders)
    found = []
    for entry in listed.decode(errors="surrogateescape").split("\0")[:-1]:
        facts, _, name = entry.partition("\t")
        mode, _, object_, size = facts.split()
        if mode in PLAIN or mode == LINK:
            found.append(Blob(name, PLAIN.get(mode, 0), object_, int(size)))
    return found


def contents(root: Path, of: list[Blob]) -> Iterator[tuple[Blob, bytes]]:
    """The contents of files; those of all are in memory at once.

    Raises:
        MeshError: The repository lacks one of them.
    """
    asked = "".join(f"{blob.object}\n" for blob in of).encode()
    answered, at = run(root, "cat-file", "--batch", given=asked), 0
    for blob in of:
        start = answered.index(b"\n", at) + 1
        at = start + blob.size
        if answered[start - 8 : start] == b"missing\n":
            raise MeshError(f"git has no content of {blob.name}", where=str(root))
        yield blob, answered[start:at]
        at += 1


def write_tree(root: Path, commit: str, place: Path, *folders: str) -> None:
    """Write the files of a commit below ``root`` into a folder, and none outside of it.

    Raises:
        MeshError: There is no such commit, or a file or what a link leads to would lie outside.
    """
    for blob, content in contents(root, blobs(root, commit, *folders)):
        file = place / blob.name
        leads = file.parent / content.decode(errors="replace") if blob.is_link else file
        if not all(each.resolve().is_relative_to(place.resolve()) for each in (file, leads)):
            raise MeshError(f"the commit has a file or link that leads outside: {blob.name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        if blob.is_link:
            file.symlink_to(content.decode(errors="replace"))
        else:
            file.write_bytes(content)
            file.chmod(blob.mode)


def run(root: Path, *arguments: str, given: bytes = b"", otherwise: str = "") -> bytes:
    """What git answers in a folder.

    Args:
        root: A folder of the repository.
        arguments: The command of git with its arguments.
        given: What it reads.
        otherwise: What is said where git fails without a word.

    Raises:
        MeshError: It failed, or is not installed.
    """
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise MeshError("git is not installed", hint="install it, or compare two files") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip() or otherwise or "no reason given"
        raise MeshError(
            said if said == otherwise else f"git {arguments[0]} failed: {said}",
            expected="a revision of this repository that is fetched",
        ) from error

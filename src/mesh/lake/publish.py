"""Publishing: one merge puts a whole build on main, or none of it.

The order of the steps is what makes a crash harmless:

1. the run's files are stored; nothing refers to them yet;
2. the branch is merged, as one commit, into a branch of its own cut from where the build began;
3. main is set to that commit, if it is still where the build began: the one step readers see;
4. the commit gets its tag; a crash before this is made good by whoever looks at releases next;
5. what is not needed any more is dropped; failing here only warns.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from mesh.core.console import warn
from mesh.core.errors import LakeError, MergeConflict, MeshError
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.lake.branches import Branch, drop_branch, follow_main
from mesh.lake.commits import Change, Reference
from mesh.lake.files import put_files
from mesh.lake.lease import require
from mesh.lake.lock import publisher_lock
from mesh.lake.names import MAIN
from mesh.lake.nessie import Conflict, Nessie, Unanswered
from mesh.lake.releases import GIT_SHA, RUN_ID, TABLES, Release, release_of, tag_head

_LEFTOVER = re.compile(r"__dbt_(tmp|backup)")


def publish(lake: Lake, branch: Branch, message: str, files: Mapping[str, Path]) -> Release:
    """Put what ``branch`` holds on main in one commit, and make it a release.

    Args:
        lake: The lake.
        branch: The branch of a build whose audit passed.
        message: What the release is, one line.
        files: Files to keep with the release, by name.

    Raises:
        MergeConflict: main is not where the build began any more.
        LakeError: There is nothing to publish, or something that cannot be.
        Locked: Another publisher is at work.
    """
    with publisher_lock(branch.run_id, branch=branch.name), Nessie.of(lake) as nessie:
        tag_head(nessie, next(nessie.log(MAIN, 1), None))
        source = nessie.get(branch.name)
        changes = nessie.diff(f"@{branch.base}", f"@{source.hash}")
        check(changes, branch)
        if not lake.embedded:
            require(nessie, branch.run_id)
        put_files(lake, branch.run_id, files)
        release = advance(nessie, branch, source, message, changes)
        _tidy(lake, nessie, branch)
    return release


def check(changes: list[Change], branch: Branch) -> None:
    """Refuse what must not become a release.

    Raises:
        LakeError: Nothing changed, or there are views or leftovers of an unfinished model.
    """
    if not [change for change in changes if change.content != "NAMESPACE"]:
        raise LakeError(f"{branch.name} changes no table, so there is nothing to publish")
    arrived = [change for change in changes if change.what != "removed"]
    views = [change.key for change in arrived if change.content == "ICEBERG_VIEW"]
    if views:
        raise LakeError(
            f"{', '.join(views)}: a view made on a branch reads through catalog {branch.catalog}",
            expected="tables only: Trino stores the catalog a view was made in",
            hint="materialize it as a table",
        )
    leftovers = [change.key for change in arrived if _LEFTOVER.search(change.key)]
    if leftovers:
        raise LakeError(
            f"{', '.join(leftovers)}: left over from a model that did not finish",
            hint="build again; the branch stays for a look",
        )


def advance(
    nessie: Nessie, branch: Branch, source: Reference, message: str, changes: list[Change]
) -> Release:
    """Merge, move main, tag."""
    properties = {RUN_ID: [branch.run_id], TABLES: tables(changes)}
    if sha := git_sha():
        properties[GIT_SHA] = [sha]
    commit = merge_and_move(nessie, branch, source, MAIN, message=message, properties=properties)
    try:
        head = next(nessie.log(f"@{commit}", 1))
        tag = tag_head(nessie, head)
    except Unanswered as error:
        raise LakeError(
            f"{branch.run_id} was published, but its tag is missing: {error.message}",
            hint="once Nessie answers, `./mesh releases` makes the tag",
        ) from error
    if tag is None:
        raise LakeError(f"commit {commit} lost its run id")
    return release_of(tag, head, commit)


def merge_and_move(
    nessie: Nessie,
    branch: Branch,
    source: Reference,
    target: str,
    *,
    message: str,
    properties: Mapping[str, list[str]],
) -> str:
    """Put ``source`` on ``target`` as one commit, if that is still where the branch began.

    Nessie's merge onto main itself would also pass when others changed other tables meanwhile:
    a mixture that nobody tested. Setting main compares and sets, and is done once even when its
    answer is lost.

    Returns:
        The hash of the commit.
    """
    start = Reference(target, "BRANCH", branch.base)
    staging = _staging(nessie, f"publish-{branch.run_id}", branch.base)
    try:
        commit = nessie.merge(source, staging, message, properties)
        try:
            nessie.assign(start, commit)
        except Conflict as error:
            raise _moved(nessie, branch, source, target) from error
        except Unanswered as error:
            raise LakeError(
                f"{error.message}; whether {branch.run_id} was published is not known",
                hint="once Nessie answers, `./mesh releases` tells, and tags it if it was",
            ) from error
    finally:
        _discard(nessie, staging.name)
    return commit


def tables(changes: list[Change]) -> list[str]:
    """The names of the tables among ``changes``."""
    return [change.key for change in changes if change.content == "ICEBERG_TABLE"]


def git_sha() -> str | None:
    """The commit of the checkout, with ``-dirty`` when files differ; None outside of git."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip() or None


def _staging(nessie: Nessie, name: str, at: str) -> Reference:
    """A fresh branch for the merge; one that an earlier try left behind is replaced."""
    if old := nessie.find(name):
        nessie.delete(old)
    return nessie.create(name, "BRANCH", at)


def _discard(nessie: Nessie, name: str) -> None:
    try:
        if ref := nessie.find(name):
            nessie.delete(ref)
    except LakeError as error:
        warn(f"branch {name} stays until `./mesh clean`: {error.message}")


def _moved(nessie: Nessie, branch: Branch, source: Reference, target: str) -> MergeConflict:
    """Main moved since the branch was opened: say which tables are in dispute."""
    theirs = tables(nessie.diff(f"@{branch.base}", target))
    ours = set(tables(nessie.diff(f"@{branch.base}", f"@{source.hash}")))
    both = [name for name in theirs if name in ours]
    names = ", ".join(both or theirs) or "no table, but its history"
    kind = "which this build changed too" if both else "which this build was not tested with"
    return MergeConflict(
        f"{target} moved since {branch.name} was opened and changed {names}, {kind}",
        tables=both or theirs,
        hint=f"build again from what is published now; {branch.name} stays for a look",
    )


def _tidy(lake: Lake, nessie: Nessie, branch: Branch) -> None:
    try:
        drop_branch(lake, branch)
        follow_main(nessie)
    except MeshError as error:
        warn(f"published, but {branch.name} stays until `./mesh clean`: {error.message}")

"""Verbs about what is published and the branches beside it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.errors import MeshError
from mesh.core.settings import Lake


@app.command()
def releases(format: FormatOption = Format.table) -> None:
    """List the releases, youngest first."""
    from mesh.core.console import emit, info
    from mesh.lake import releases as lake_releases

    rows = [
        {
            "release": release.tag,
            "live": release.live if format is Format.json else "live" if release.live else "",
            "published_at": f"{release.published_at:%Y-%m-%d %H:%M}Z",
            "tables": list(release.tables),
            "changed": len(release.tables),
            "run_id": release.run_id,
            "git": (release.git_sha or "") if format is Format.json else _short(release.git_sha),
            "message": release.message,
        }
        for release in lake_releases.releases(Lake.current())
    ]
    columns = ["release", "live", "published_at", "changed", "git", "message"]
    emit(rows, format=format, columns=columns)
    if not rows:
        info("nothing is published yet; `./mesh run` builds and publishes")


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="The release to go to; the one before when not given.")
    ] = None,
) -> None:
    """Make another release live, in one step whatever the size of the data."""
    from mesh.build.docs import is_current, site_dir
    from mesh.core.console import info
    from mesh.lake import releases as lake_releases

    done = lake_releases.rollback(Lake.current(), release)
    live = done.live
    if done.left == live:
        info(f"{live.tag} is live already; nothing changed")
        return
    info(f"{live.tag} is live again: run {live.run_id} of {live.published_at:%Y-%m-%d %H:%M} UTC")
    if done.left:
        info(f"to go back to {done.left.tag}: ./mesh rollback {done.left.tag}")
    if done.kept_as:
        info(f"main held commits of no release; they are kept as tag {done.kept_as}")
    if site_dir().exists() and not is_current(site_dir(), live.tag):
        info("the site still shows another release: `./mesh docs` writes it anew")


@app.command()
def branches(
    refresh: Annotated[
        str | None, typer.Option(help="Set this branch, `dev`, to what is published now.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Refresh although that gives up work of its own.")
    ] = False,
    attach: Annotated[
        str | None, typer.Option(help="Make a Trino catalog that shows this branch or release.")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the branches, or look into one."""
    lake = Lake.current()
    if attach:
        _attach(lake, attach)
    elif refresh:
        _refresh(lake, refresh, force)
    else:
        _list(lake, format)


@app.command()
def clean(
    older_than: Annotated[
        str, typer.Option(help="Drop what is older than this, as 7d, 12h or 30m.")
    ] = "7d",
    everything: Annotated[
        bool, typer.Option("--all", help="Drop whatever is not in use, however young.")
    ] = False,
    files: Annotated[
        bool,
        typer.Option("--files", help="Delete, too, what no branch and no release refers to."),
    ] = False,
    lease: Annotated[
        bool,
        typer.Option(
            "--lease", help="End the lease of a publisher whose machine is gone; drop nothing else."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell.")] = False,
    format: FormatOption = Format.table,
) -> None:
    """Drop branches, catalogs and files that old runs left.

    Dropped branches and tables leave their data files behind; --files reads every branch and
    release down to its last file and deletes the others. Nobody may be writing meanwhile.
    """
    from mesh.core.console import emit, info
    from mesh.lake.clean import clean as clean_lake
    from mesh.lake.names import new_run_id
    from mesh.lake.sweep import sweep

    lake = Lake.current()
    if lease:
        from mesh.lake.lease import end

        holder = end(lake)
        info(f"the lease of {holder} is ended" if holder else "nobody holds the lease")
        return
    age = timedelta(0) if everything else duration(older_than)
    found = clean_lake(lake, age, dry_run)
    rows = [{"what": one.what, "name": one.name, "age": _age(one.age_hours)} for one in found]
    verb = "would be" if dry_run else "were"
    info(f"{len(rows)} {verb} dropped")
    try:
        if files:
            swept = sweep(lake, new_run_id(), dry_run=dry_run)
            size = f"{swept.deleted:,} files, {swept.deleted_bytes / 1e6:,.1f} MB"
            info(f"{size} that nothing refers to {verb} deleted")
            if dry_run and found:
                info("  those of the branches above would come on top")
            if swept.deleted:
                rows.append({"what": "data", "name": size, "age": ""})
    finally:  # what is gone already is told, also when the sweep has to wait
        if rows or format is Format.json:
            emit(rows, format=format, columns=["what", "name", "age"])


def duration(text: str) -> timedelta:
    """A span of time written as a number and ``d``, ``h`` or ``m``.

    Raises:
        MeshError: It is written otherwise.
    """
    match = re.fullmatch(r"(\d+)([dhm])", text)
    if not match:
        raise MeshError(f"`{text}` is no span of time", expected="a number and d, h or m, as 7d")
    unit = {"d": "days", "h": "hours", "m": "minutes"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _attach(lake: Lake, name: str) -> None:
    from mesh.core.console import info
    from mesh.lake import branches as lake_branches

    catalog = lake_branches.attach(lake, name)
    info(f'catalog {catalog} shows {name}: ./mesh sql "show schemas from {catalog}"')


def _refresh(lake: Lake, name: str, force: bool) -> None:
    from mesh.core.console import info
    from mesh.lake import branches as lake_branches
    from mesh.lake.names import DEV

    if name != DEV:
        raise MeshError(f"branch {name} cannot be refreshed", expected=DEV)
    moved = lake_branches.refresh_dev(lake, force)
    info("dev shows what is published now" if moved else "dev showed it already")


def _list(lake: Lake, format: Format) -> None:
    from mesh.core.console import emit
    from mesh.lake import branches as lake_branches

    rows = [
        {
            "branch": state.name,
            "kind": state.kind,
            "state": state.state,
            "age": _age(state.age_hours),
            "ahead": state.ahead,
            "hash": state.hash if format is Format.json else state.hash[:12],
        }
        for state in lake_branches.branches(lake)
    ]
    columns = ["branch", "kind", "state", "age", "ahead", "hash"]
    emit(rows, format=format, columns=columns)


def _short(sha: str | None) -> str:
    """The first digits of a commit, and a plus when files differed from it."""
    if not sha:
        return ""
    return sha[:8] + ("+" if sha.endswith("-dirty") else "")


def _age(hours: float | None) -> str:
    if hours is None:
        return ""
    if hours < 1:
        return f"{hours * 60:.0f}m"
    return f"{hours:.0f}h" if hours < 48 else f"{hours / 24:.0f}d"

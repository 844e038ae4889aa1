"""Writes the site of a release: its pages, dbt's documents and Elementary's report side by side."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from mesh.build import quality
from mesh.build.dbt import Project, ending_children
from mesh.build.docs import DOCS_PAGE, QUALITY_PAGE, STAMP, site_dir, site_mark, write_docs
from mesh.build.packages import PackagesState, ensure
from mesh.build.summary import Summary
from mesh.core.errors import LakeError, MeshError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake

FILES = ("manifest.json", "run_results.json", "summary.json")
"""Files of a release that pages are made from."""


def write_live_site() -> tuple[Lake, list[str]]:
    """Write the site of the live release; gives the lake and what had to be left out.

    Raises:
        LakeError: No release is live.
    """
    from mesh.lake.releases import find_release, release_file
    from mesh.stack import lifecycle

    lake = lifecycle.up()
    release = find_release(lake, "live").tag
    summary = Summary.from_json(release_file(lake, release, "summary.json"))
    return lake, write_site(lake, ensure(), release, summary)


def write_draft() -> tuple[Path, tuple[str, ...]]:
    """Write the pages as the tree alone gives them; gives their folder and what they leave out.

    Raises:
        DbtError: The project does not parse.
    """
    from mesh.build.parse import manifest_folder
    from mesh.site.gather import gather
    from mesh.site.swap import replace_folder
    from mesh.site.write import write_pages

    place = state_dir() / "draft"
    with FileLock(state_dir() / "site.lock"):
        new = state_dir() / "draft.new"
        shutil.rmtree(new, ignore_errors=True)
        inputs = gather(manifest_folder(), datetime.now(UTC).replace(microsecond=0))
        write_pages(inputs, new)
        replace_folder(new, place)
    return place, inputs.left_out


def write_site(lake: Lake, packages: PackagesState, release: str, summary: Summary) -> list[str]:
    """Write the whole site and put it in the place of the old one, in one step.

    Gives what had to be left out, each with its reason.
    """
    from mesh.site.swap import replace_folder

    with FileLock(state_dir() / "site.lock"):
        place = site_dir().resolve()
        new = place.with_name(f".{place.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        mark = site_mark(release)
        faults = _write_reports(lake, packages, summary, new)
        try:
            faults += _write_pages(lake, release, new)
            (new / STAMP).write_text(mark + "\n")
            replace_folder(new, place)
        except (MeshError, OSError) as error:
            told = error.message if isinstance(error, MeshError) else str(error)
            faults.append(f"the whole site, which stays as it was: {told}")
            shutil.rmtree(new, ignore_errors=True)
    return faults


def _write_reports(lake: Lake, packages: PackagesState, summary: Summary, site: Path) -> list[str]:
    """The pages of other tools, which mostly wait for themselves: on two cores at the same time."""
    from mesh.site.foreign import keep_to_itself

    variables = {"as_of_date": summary.as_of_date}
    published = Project(lake, lake.catalog, packages, variables=variables)
    works: dict[str, Callable[[], None]] = {
        "the documentation of models and columns": lambda: write_docs(
            published, state_dir() / "docs", site / DOCS_PAGE
        )
    }
    if packages.real and summary.elementary:
        works["Elementary's report"] = lambda: quality.report(lake, packages, site / QUALITY_PAGE)
    faults = []
    with ThreadPoolExecutor(len(works)) as pool, ending_children():
        started = {name: pool.submit(work) for name, work in works.items()}
        for name, future in started.items():
            try:
                future.result()
            except MeshError as error:
                faults.append(f"{name}: {error.message}")
    for page in (site / DOCS_PAGE, site / QUALITY_PAGE):
        if page.exists():
            keep_to_itself(page)
    return faults


def _write_pages(lake: Lake, tag: str, site: Path) -> list[str]:
    """The pages of products and domains, from the files of the release."""
    from mesh.lake.releases import find_release
    from mesh.site.freshness import LOADED, as_json, read_loaded_at
    from mesh.site.gather import gather
    from mesh.site.inputs import Links, Published
    from mesh.site.readings import READINGS, read_readings
    from mesh.site.readings import as_json as readings_as_json
    from mesh.site.write import write_pages

    folder, faults = state_dir() / "site.parts", []
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _fetch(lake, tag, folder)
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        (folder / LOADED).write_text(as_json(read_loaded_at(lake, folder)))
    except LakeError as error:
        faults.append(f"the ages of rows: {error.message}")
    try:
        (folder / READINGS).write_text(readings_as_json(read_readings(lake, now)))
    except MeshError as error:
        faults.append(f"how often products answered: {error.message}")
    links = Links(
        documentation=DOCS_PAGE if (site / DOCS_PAGE).exists() else None,
        quality=QUALITY_PAGE if (site / QUALITY_PAGE).exists() else None,
    )
    release = Published(tag, find_release(lake, tag).published_at.astimezone(UTC))
    write_pages(gather(folder, now, release, links), site)
    return faults


def _fetch(lake: Lake, tag: str, folder: Path) -> None:
    """Lay the files of a release into a folder."""
    from mesh.lake.files import find_file, get_file
    from mesh.lake.releases import find_release
    from mesh.site import samples

    run_id = find_release(lake, tag).run_id
    for name in FILES:
        (folder / name).write_bytes(get_file(lake, run_id, name))
    answers = find_file(lake, run_id, samples.FILE)  # none where the release was not asked
    if answers is not None:
        (folder / samples.FILE).write_bytes(answers)

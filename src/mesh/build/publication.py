"""Writes the site of a release: dbt's documents and Elementary's report side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mesh.build import quality
from mesh.build.dbt import Project, ending_children
from mesh.build.docs import DOCS_PAGE, QUALITY_PAGE, site_dir, write_docs, write_index
from mesh.build.packages import PackagesState, ensure
from mesh.build.summary import Summary
from mesh.core.errors import MeshError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake


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


def write_site(lake: Lake, packages: PackagesState, release: str, summary: Summary) -> list[str]:
    """Write the whole site; gives what had to be left out, each with its reason.

    The two tools mostly wait for themselves, so on two cores they run at the same time.
    """
    site = site_dir()
    variables = {"as_of_date": summary.as_of_date}
    published = Project(lake, lake.catalog, packages, variables=variables)
    works: dict[str, Callable[[], None]] = {
        "the documentation of models and columns": lambda: write_docs(
            published, state_dir() / "docs", site / DOCS_PAGE
        )
    }
    if packages.real and summary.elementary:
        works["Elementary's report"] = lambda: quality.report(lake, packages, site / QUALITY_PAGE)
    else:
        (site / QUALITY_PAGE).unlink(missing_ok=True)
    faults = []
    with ThreadPoolExecutor(len(works)) as pool, ending_children():
        started = {name: pool.submit(work) for name, work in works.items()}
        for name, future in started.items():
            try:
                future.result()
            except MeshError as error:
                faults.append(f"{name}: {error.message}")
    write_index(site, release, summary)
    return faults

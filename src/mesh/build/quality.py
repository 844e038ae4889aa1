"""Elementary: its tables on a branch of their own, its report for the site."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import yaml

from mesh.build.dbt import QUALITY_CATALOG, DbtError, Project, run_child, tool_environment
from mesh.build.packages import PackagesState
from mesh.core.errors import MeshError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake

SCHEMA = "elementary"
VERSION = "0.25.1"
"""Version of Elementary's package and of its command line: they refuse to differ."""


def tables_are_there(lake: Lake) -> bool:
    """Whether Elementary's tables of this version exist."""
    from mesh.lake.trino import query

    try:
        found = query(
            lake, "select dbt_pkg_version from metadata", catalog=QUALITY_CATALOG, schema=SCHEMA
        )
    except MeshError:
        return False
    return (VERSION,) in found


def ensure_tables(project: Project, target: Path) -> None:
    """Create Elementary's tables and views if they are not there; 15 s the first time.

    From a project that holds nothing but the package: a table's hook writes what the project
    holds into it, and one row for each of our 1,600 described columns took dbt half a minute,
    whatever `columns_upload_strategy` says. What is built is uploaded when it is built.

    Raises:
        DbtError: dbt could not create them.
    """
    if tables_are_there(project.lake):
        return
    alone = target / "project"
    alone.mkdir(parents=True, exist_ok=True)
    (alone / "dbt_project.yml").write_text(yaml.safe_dump(_package_alone(project.packages)))
    (alone / "profiles.yml").write_text(yaml.safe_dump(_profile(project.lake)))
    code = replace(project, folder=alone, variables=None).invoke(["run"], target)
    if code:
        raise DbtError("Elementary's tables could not be created", where=str(target / "dbt.log"))


def _package_alone(packages: PackagesState) -> dict[str, object]:
    return {
        "name": "evidence",
        "profile": "elementary",
        "packages-install-path": str(packages.path),
        "flags": {"send_anonymous_usage_stats": False},
        "models": {"elementary": {"+on_table_exists": "replace"}},
    }


def report(lake: Lake, packages: PackagesState, page: Path) -> None:
    """Write Elementary's report as one HTML file.

    Its own dbt project is copied out of the virtual environment and given the packages that are
    installed already, so that it writes nothing there and needs no hub of its own.

    Raises:
        DbtError: edr failed; its last words are in the message.
    """
    folder = state_dir() / "edr"
    _lay_out(lake, packages, folder)
    page.parent.mkdir(parents=True, exist_ok=True)
    new = page.with_name(f".{os.getpid()}.{page.name}")
    said: list[str] = []
    arguments = ["report", "--open-browser", "false", "--file-path", str(new)]
    arguments += ["--config-dir", str(folder), "--profiles-dir", str(folder)]
    arguments += ["--target-path", str(folder / "target"), "--project-name", "mesh"]
    arguments += ["--days-back", "14", "--executions-limit", "60"]
    code = run_child(
        "edr",
        arguments,
        environment={
            **tool_environment(lake),
            "MESH_EDR_PROJECT": str(folder / "project"),
            "EDR_INTERNAL_TARGET_PATH": str(folder / "project" / "target"),
        },
        hear=said.append,
        folder=folder,
    )
    if code or not new.exists():
        raise DbtError(
            "edr could not write the report: " + "".join(said[-3:]).strip(),
            where=str(folder / "target"),
        )
    new.replace(page)


def _lay_out(lake: Lake, packages: PackagesState, folder: Path) -> None:
    """Project, profile and settings for edr; the profile names variables, never a secret."""
    import elementary.monitor

    source = Path(elementary.monitor.__file__).parent / "dbt_project"
    shutil.copytree(source, folder / "project", dirs_exist_ok=True)
    link = folder / "project" / "dbt_packages"
    if link.is_symlink():
        link.unlink()
    else:
        shutil.rmtree(link, ignore_errors=True)
    link.symlink_to(packages.path, target_is_directory=True)
    (folder / "config.yml").write_text(yaml.safe_dump({"anonymous_usage_tracking": False}))
    (folder / "profiles.yml").write_text(yaml.safe_dump(_profile(lake)))


def _profile(lake: Lake) -> dict[str, object]:
    prefix = "DEV" if lake.embedded else "TRINO"
    output = {
        "type": "trino",
        "method": "ldap" if lake.trino_password else "none",
        "host": lake.trino_host,
        "port": lake.trino_port,
        "http_scheme": "https",
        "cert": lake.trino_ca or True,
        "user": lake.trino_user,
        "database": QUALITY_CATALOG,
        "schema": SCHEMA,
        "threads": 2,
    }
    if lake.trino_password:
        output["password"] = f"{{{{ env_var('DBT_ENV_SECRET_MESH_{prefix}_PASSWORD') }}}}"
    return {"elementary": {"target": "default", "outputs": {"default": output}}}

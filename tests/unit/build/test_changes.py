"""What differs from one of several states is found by dbt itself, without a lake."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from mesh.build import packages
from mesh.build.changes import modified
from mesh.build.dbt import Event, Project
from mesh.build.manifest import read_manifest
from mesh.build.parse import NOWHERE
from mesh.core.paths import ROOT

PROJECT = """
name: mesh
version: 1.0.0
config-version: 2
profile: mesh
model-paths: [models]
flags: {send_anonymous_usage_stats: false}
"""
PROPERTIES = """
sources:
  - name: crm
    tables: [{name: people, identifier: %(table)s}]
models:
  - name: people
    latest_version: 1
    versions: [{v: 1}]
    columns: [{name: n, data_tests: [{not_null: {name: n_is_there, severity: %(severity)s}}]}]
unit_tests:
  - name: people__are_counted
    model: people
    given: []
    expect: {rows: [{n: %(expected)s}]}
"""
MERGED = {"table": "people", "severity": "error", "expected": "1"}
CHANGED = {"table": "persons", "severity": "warn", "expected": "2"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two models, a source, a data test, and a unit test of a model with a version."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    copy(ROOT / "profiles.yml", folder)
    (folder / "dbt_project.yml").write_text(PROJECT)
    for name in ("people_v1", "places"):
        (folder / "models" / f"{name}.sql").write_text("select 1 as n")
    (folder / "models" / "properties.yml").write_text(PROPERTIES % MERGED)
    state = packages.PackagesState("stand-in", packages.known())
    return Project(NOWHERE, NOWHERE.catalog, state, folder=folder)


def test_what_differs_from_any_state_is_selected(project: Project, tmp_path: Path) -> None:
    """The release lacks what was merged since, the revision lacks the change itself."""
    models = project.folder / "models"
    released, revision, target = (tmp_path / name for name in ("released", "revision", "target"))
    project.invoke(["parse"], released)
    (models / "places.sql").write_text("select 2 as n")
    project.invoke(["parse"], revision)
    (models / "new.sql").write_text("select 3 as n")
    (models / "properties.yml").write_text(PROPERTIES % CHANGED)

    found = modified(project, [released, revision], target)

    merged = "mesh.places"
    change = ["mesh.n_is_there", "mesh.new", "source:mesh.crm.people"]
    assert found == sorted([merged, *change, "unit_test:mesh.people__are_counted"])
    assert "model.mesh.new" in read_manifest(target).nodes
    assert listed(project, found, target) == [
        "crm.people",
        "n_is_there",
        "new",
        "people__are_counted",
        "places",
    ]


def listed(project: Project, selectors: list[str], target: Path) -> list[str]:
    """The names of the nodes that dbt finds by these selectors."""
    names: list[str] = []

    def listen(event: Event) -> None:
        if event.name == "PrintEvent":
            names.append(event.message)

    project.invoke(["list", "--output", "name", "--select", *selectors], target, listen=listen)
    return sorted(names)

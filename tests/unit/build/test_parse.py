"""The project is parsed without a lake, and only when it changed."""

from pathlib import Path
from shutil import copy, copytree

import pytest

from mesh.build.dbt import DbtError
from mesh.build.manifest import read_manifest
from mesh.build.parse import manifest_folder, parse
from mesh.core.paths import ROOT


def test_an_unchanged_tree_is_parsed_once() -> None:
    written = (manifest_folder() / "manifest.json").stat().st_mtime_ns
    assert (manifest_folder() / "manifest.json").stat().st_mtime_ns == written


def test_tables_have_the_names_by_which_they_are_published() -> None:
    nodes = read_manifest(manifest_folder()).models
    assert {node.database for node in nodes} == {"lake"}


def test_a_project_that_does_not_parse_is_said_in_words_of_dbt(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    copytree(ROOT / "tests" / "fixtures" / "broken_mesh", folder)
    copy(ROOT / "profiles.yml", folder)
    (folder / "models" / "lost.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(DbtError, match="nowhere"):
        parse(folder, tmp_path / "target")

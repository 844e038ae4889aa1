"""A build is repeated when anything that its tables depend on has changed, and only then."""

from __future__ import annotations

from pathlib import Path

from mesh.build.fingerprint import fingerprint, logic


def project(folder: Path) -> Path:
    (folder / "models").mkdir()
    (folder / "models" / "a.sql").write_text("select 1")
    (folder / "dbt_project.yml").write_text("name: mesh")
    return folder


def test_the_same_project_has_the_same_fingerprint(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = fingerprint(root, {"as_of_date": "2026-01-01"}, "hub")
    (root / "README.md").write_text("changed")
    (root / "models" / "a.sql").touch()
    assert fingerprint(root, {"as_of_date": "2026-01-01"}, "hub") == before


def test_a_file_its_name_a_variable_or_the_packages_change_it(tmp_path: Path) -> None:
    root = project(tmp_path)
    found = [
        fingerprint(root, {"as_of_date": "2026-01-01"}, "hub"),
        fingerprint(root, {"as_of_date": "2026-01-02"}, "hub"),
        fingerprint(root, {"as_of_date": "2026-01-01"}, "stand-in"),
    ]
    (root / "models" / "a.sql").rename(root / "models" / "b.sql")
    found.append(fingerprint(root, {"as_of_date": "2026-01-01"}, "hub"))
    (root / "models" / "b.sql").write_text("select 2")
    found.append(fingerprint(root, {"as_of_date": "2026-01-01"}, "hub"))
    assert len(set(found)) == len(found)


def test_words_and_tests_do_not_change_what_rows_look_like(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = logic(root)
    (root / "models" / "a.yml").write_text("description: another")
    (root / "tests" / "dbt").mkdir(parents=True)
    (root / "tests" / "dbt" / "assert_a.sql").write_text("select 1")
    assert logic(root) == before
    (root / "models" / "a.sql").write_text("select 2")
    assert logic(root) != before

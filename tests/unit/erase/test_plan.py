"""What an erasure plans without a lake, and that asking for it changes nothing by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
import typer
from pyiceberg.schema import Schema
from pyiceberg.types import LongType, NestedField, StringType
from typer.testing import CliRunner

from mesh.cli.erase import erase
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.erase import erasure, plan
from mesh.erase.plan import Plan
from mesh.erase.subject import Subject
from mesh.privacy.analysis import Analysis
from mesh.privacy.project import load

PLAN = Plan({"a_landing.t": 2}, {"a_gold.p": 1}, ("release-0001",), ("b",), {}, ())


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (("patient_key", "charge_amount"), 2),
        (("patients_patient_key", "medical_patient_key"), 2),
        (("provider_id",), 0),
    ],
)
def test_a_table_names_a_person_by_how_its_columns_end(
    monkeypatch: pytest.MonkeyPatch, columns: tuple[str, ...], rows: int
) -> None:
    """As the crosswalk does, which has a pseudonym of each domain."""
    fields = [NestedField(n, name, StringType()) for n, name in enumerate(columns, 1)]
    schema = Schema(*fields, NestedField(9, "visits", LongType()))

    def scan(row_filter: Any, selected_fields: tuple[str, ...]) -> Any:
        found = pa.table({selected_fields[0]: ["x", "x"]})
        return SimpleNamespace(to_arrow=lambda: found)

    table = SimpleNamespace(schema=lambda: schema, scan=scan)
    monkeypatch.setattr(plan.tables, "load_table", lambda catalog, name: table)
    assert plan._count(SimpleNamespace(), "a.t", {"x"}) == rows  # type: ignore[arg-type]


def test_every_model_that_a_person_comes_to_by_lineage_is_looked_through() -> None:
    """By column, through all SQL: the identifier of a patient and every pseudonym made of it."""
    analysis = Analysis(load(ROOT))
    analysis.run()
    held = {}
    for unique_id, result in analysis.results.items():
        carried = any(
            analysis.declared(origin).identifier == "medical_record_number"
            for taints in result.taints.values()
            for origin, _ in taints
        )
        if carried and analysis.kind(unique_id) == "model":
            held[unique_id] = any(name.endswith(plan.SUBJECT_COLUMNS) for name in result.taints)
    assert len(held) > 50
    assert [unique_id for unique_id, looked_through in held.items() if not looked_through] == []


def test_without_a_word_nothing_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lake, "current", classmethod(lambda cls: None))
    monkeypatch.setattr("mesh.erase.subject.find", lambda lake, name: Subject(name))
    monkeypatch.setattr("mesh.erase.plan.make", lambda lake, subject: PLAN)

    def erased(*_: object) -> None:
        raise AssertionError("it erased")

    monkeypatch.setattr(erasure, "erase", erased)
    command = typer.Typer()
    command.command()(erase)
    done = CliRunner().invoke(command, ["somebody"])
    assert done.exit_code == 0, done.output
    assert "nothing was changed" in done.output
    assert "release-0001" in done.output
    assert CliRunner().invoke(command, ["somebody", "--execute"]).exit_code != 0

import threading
import time
from pathlib import Path

import pytest

from mesh.bench.replay import Plan, _split, read_plan, replay, waits_for
from tests.unit.build import dbt_files as make


def test_nodes_wait_for_what_they_read() -> None:
    plan = Plan(
        {"gold": ("create gold", "insert gold"), "silver": ("silver",), "test": ("test",)},
        {
            "gold": frozenset({"silver"}),
            "silver": frozenset(),
            "test": frozenset({"silver", "gold"}),
        },
    )
    said: list[str] = []
    seconds = replay(plan, said.append, threads=4)
    assert said == ["silver", "create gold", "insert gold", "test"]
    assert seconds > 0


def test_so_many_run_at_a_time_and_no_more() -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def execute(_: str) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1

    names = [str(number) for number in range(9)]
    replay(Plan(dict.fromkeys(names, ("x",)), dict.fromkeys(names, frozenset())), execute, 3)
    assert most == [3]


def test_a_failing_statement_ends_the_replay() -> None:
    def execute(_: str) -> None:
        raise RuntimeError("no such table")

    with pytest.raises(RuntimeError, match="no such table"):
        replay(Plan({"a": ("x",)}, {"a": frozenset()}), execute, 1)


def test_statements_are_told_apart() -> None:
    text = "\n\n  create table a (b varchar)\n  ;\n\ninsert into a select ';' as b;\n"
    assert _split(text) == ("create table a (b varchar)", "insert into a select ';' as b")


def test_a_model_waits_for_the_tests_of_what_it_reads_and_through_what_did_not_run() -> None:
    """bronze is tested, then read by a seed that did not run, and the gold model reads that."""
    summary = {
        "linked": {},
        "with_test_edges": {
            "0": {"name": "bronze", "succ": [1]},
            "1": {"name": "test", "succ": [2, 3]},
            "2": {"name": "left_out", "succ": [3]},
            "3": {"name": "gold"},
            "4": {"name": "seed", "succ": [2]},
        },
    }
    assert waits_for(summary, {"bronze", "test", "gold", "seed"}) == {
        "bronze": frozenset(),
        "test": frozenset({"bronze"}),
        "gold": frozenset({"test", "seed"}),
        "seed": frozenset(),
    }


def test_each_version_of_a_model_has_its_own_statements(tmp_path: Path) -> None:
    first = make.model("payers", fqn=("fintech", "gold"))
    file = "models/fintech/gold/payers_v2.sql"
    second = {**first, "unique_id": "model.mesh.payers.v2", "original_file_path": file}
    make.write(tmp_path, "manifest.json", make.manifest(first, second))
    results = make.results(**{"model__of__payers": "success", "model__of__payers.v2": "success"})
    make.write(tmp_path, "run_results.json", results)
    nodes = {str(n): {"name": each["unique_id"]} for n, each in enumerate((first, second))}
    make.write(tmp_path, "graph_summary.json", {"with_test_edges": nodes})
    for each in (first, second):
        path = tmp_path / "run" / each["original_file_path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"create {path.stem}")
    assert read_plan(tmp_path).statements == {
        first["unique_id"]: ("create payers",),
        second["unique_id"]: ("create payers_v2",),
    }

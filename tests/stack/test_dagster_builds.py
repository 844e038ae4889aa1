"""Dagster builds and publishes the mesh as `mesh run` does, and publishes nothing that fails."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from dagster import AssetKey, DagsterEventType, DagsterInstance, ExecuteInProcessResult

from mesh.build.parse import manifest_folder
from mesh.core.settings import Lake
from mesh.lake.releases import releases
from mesh.landing.synthea import generate
from mesh.lineage.emit import events_file
from mesh.privacy.search import Searcher
from orchestration.definitions import definitions
from orchestration.specs import Mesh
from tests.stack.batches import rewrite
from tests.stack.identifying import identifying
from tests.stack.lake_parts import head
from tests.stack.published import PATIENTS, SEED, Published, contents


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return Mesh.read(manifest_folder())


def execute(
    mesh: Mesh, source: Path, instance: DagsterInstance, *, full_refresh: bool = False
) -> ExecuteInProcessResult:
    job = definitions(mesh).resolve_job_def("refresh")
    config = {"ops": {"mesh": {"config": {"source": str(source), "full_refresh": full_refresh}}}}
    return job.execute_in_process(config, instance=instance, raise_on_error=False)


def test_materialising_everything_anew_publishes_what_the_batches_gave(
    mesh: Mesh, published: Published, tmp_path: Path
) -> None:
    """Two batches one after the other leave exactly what building from scratch gives."""
    lake, before = published.lake, contents(published.lake)
    known = {release.tag for release in releases(lake)}
    storage = tmp_path / "dagster"
    storage.mkdir()
    with DagsterInstance.local_temp(str(storage)) as instance:
        result = execute(mesh, published.files.folder, instance, full_refresh=True)
    assert result.success, result.all_node_events[-1]
    assert sum(path.stat().st_size for path in storage.rglob("*.db")) > 100_000
    people = identifying(published.files.folder)
    assert list(Searcher(people).folders([storage], lambda path: False)) == []

    after = contents(lake)
    assert len(before) > 80
    assert {t: v for t, v in after.items() if before.get(t) != v} == {}
    assert before.keys() == after.keys()

    [release] = [release for release in releases(lake) if release.tag not in known]
    assert release.live
    events = [event for event in result.all_events if event.is_step_materialization]
    materialised = {event.asset_key for event in events}
    assert materialised == {spec.key for spec in mesh.assets}
    tags = {e.step_materialization_data.materialization.metadata["release"].value for e in events}
    assert tags == {release.tag}

    checks = result.get_asset_check_evaluations()
    assert {check.asset_check_key for check in checks} == set(mesh.checks) - mesh.unit_tests
    assert [check.check_name for check in checks if not check.passed] == []
    assert '"eventType": "COMPLETE"' in events_file().read_text().splitlines()[-1]


def test_a_rebuild_of_chosen_tables_lands_nothing_and_publishes_them(
    mesh: Mesh, published: Published
) -> None:
    lake, before = published.lake, contents(published.lake)
    chosen = AssetKey(["logistics_gold", "dim_logistics__items"])
    job = definitions(mesh).resolve_job_def("rebuild")
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            {}, instance=instance, asset_selection=[chosen], raise_on_error=False
        )
    assert result.success, result.all_node_events[-1]
    events = [event for event in result.all_events if event.is_step_materialization]
    assert [event.asset_key for event in events] == [chosen]
    [live] = [release for release in releases(lake) if release.live]
    tag = events[0].step_materialization_data.materialization.metadata["release"]
    assert contents(lake) == before
    assert live.tag == tag.value != published.second.release


def test_a_failed_check_publishes_and_materialises_nothing(
    mesh: Mesh, lake: Lake, tmp_path: Path
) -> None:
    source = tmp_path / "bad"
    copytree(generate(PATIENTS, SEED), source)
    rewrite(source / "patients.csv", lambda n, row: row | {"BIRTHDATE": "soon"})
    before = head(lake)

    with DagsterInstance.ephemeral() as instance:
        result = execute(mesh, source, instance)

    assert not result.success
    assert head(lake) == before
    assert not [event for event in result.all_events if event.is_step_materialization]
    failed = [c.check_name for c in result.get_asset_check_evaluations() if not c.passed]
    assert [name for name in failed if name.startswith("rejections_stay_below_threshold")]
    [event] = result.get_step_failure_events()
    assert event.event_type == DagsterEventType.STEP_FAILURE
    assert "what is published is as it was" in str(event.step_failure_data.user_failure_data)

"""The one operation behind all assets: a build on a branch, published in one merge.

An asset counts as materialised when it is published, not when its table exists on the branch:
therefore nothing is reported before the merge, and after a failure only the checks are.
"""

# No `from __future__ import annotations`: Dagster reads the annotations of the operation.

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Config,
    Failure,
    MaterializeResult,
    multi_asset,
)
from pydantic import Field

from mesh.build.manifest import read_run_results
from mesh.build.nodes import Result, RunResults
from mesh.build.run import PATIENTS, SEED, Options, Outcome, Scope, run, run_folder
from mesh.core.errors import MeshError
from mesh.lake.names import new_run_id
from orchestration.specs import MACROS, Mesh

Reported = MaterializeResult[Any] | AssetCheckResult
BUILT = {"success"}
PASSED = {"pass", "success"}
RAN = {*PASSED, "warn", "fail", "error"}


class BuildConfig(Config):
    """What to land and how to build; the same choices as `mesh run` has."""

    source: str = Field(
        default_factory=lambda: os.environ.get("MESH_SOURCE", ""),
        description="Folder of Synthea CSV; generated patients if empty. Default: MESH_SOURCE.",
    )
    patients: int = Field(default=PATIENTS, description="Patients to generate.")
    seed: int = Field(default=SEED, description="Seed of the generated patients.")
    full_refresh: bool = Field(default=False, description="Build every table from scratch.")

    def options(self, scope: Scope) -> Options:
        """The options of the build."""
        return Options(
            patients=self.patients,
            seed=self.seed,
            source=Path(self.source) if self.source else None,
            wait=True,
            full_refresh=self.full_refresh,
            scope=scope,
        )


def build_assets(mesh: Mesh) -> AssetsDefinition:
    """All assets of the mesh with their checks."""

    @multi_asset(name="mesh", specs=mesh.assets, check_specs=mesh.check_specs, can_subset=True)
    def operation(context: AssetExecutionContext, config: BuildConfig) -> Iterator[Reported]:
        run_id = new_run_id()
        context.log.info(f"this is build {run_id}; dbt's log is {run_folder(run_id) / 'dbt.log'}")
        scope = scope_of(mesh, context.selected_asset_keys, context.selected_asset_check_keys)
        fault: MeshError | None = None
        outcome: Outcome | None = None
        try:
            outcome = run(config.options(scope), run_id)
        except MeshError as error:
            fault = error
        results = _results(run_id)
        if outcome:
            yield from materialised(mesh, context, results, outcome)
        yield from checked(mesh, context.selected_asset_check_keys, results)
        if fault:
            raise Failure(str(fault), allow_retries=False) from fault

    return operation


def scope_of(mesh: Mesh, assets: Any, checks: Any) -> Scope:
    """The part of a run that a selection of assets and checks asks for.

    Raises:
        Failure: Nothing is selected, or landing with only a part of the tables.
    """
    landing = bool(mesh.landed & set(assets))
    wanted = {key: name for name, key in mesh.keys.items() if key not in mesh.landed}
    chosen = [wanted[key] for key in assets if key in wanted]
    complete = len(chosen) == len([s for s in mesh.assets if s.key in wanted])
    if landing and not complete:
        # A table built before what it joins would take the new rows for known and never see them.
        raise Failure(
            "new input is built into every table or into none: select all assets, or leave the "
            "landing tables out",
            allow_retries=False,
        )
    # Tests come with their tables; macros are no table.
    alone = [mesh.checks[k] for k in checks if k.asset_key not in assets or k.asset_key == MACROS]
    # Behind the kind and the project: the name, with its version where a model has several.
    names = [name.split(".", 2)[2] for name in chosen] + [test.name for test in alone]
    if not names:
        raise Failure("nothing that dbt could build or test is selected", allow_retries=False)
    return Scope(
        land=landing,
        select=() if complete else tuple(sorted(names)),
        unit_tests=bool(mesh.unit_tests & set(checks)),
        always=True,
    )


def materialised(
    mesh: Mesh, context: AssetExecutionContext, results: RunResults, outcome: Outcome
) -> Iterator[MaterializeResult[Any]]:
    """What is published now, in the order in which it was built."""
    selected = context.selected_asset_keys
    rows = {AssetKey(each.table.split(".")): each.rows for each in outcome.summary.products}
    order = [*sorted(mesh.landed), MACROS]
    order += [mesh.keys[r.unique_id] for r in results.results if _is_built(mesh, r)]
    for key in order:
        if key in selected:
            metadata: dict[str, Any] = {"release": outcome.release}
            if key in rows:
                metadata["dagster/row_count"] = rows[key]
            yield MaterializeResult(asset_key=key, metadata=metadata)


def checked(mesh: Mesh, selected: Any, results: RunResults) -> Iterator[AssetCheckResult]:
    """How the selected checks went that ran."""
    by_test = {test.unique_id: key for key, test in mesh.checks.items()}
    for result in results.results:
        key = by_test.get(result.unique_id)
        if key is not None and key in selected and result.status in RAN:
            yield _check(key, result)


def _check(key: AssetCheckKey, result: Result) -> AssetCheckResult:
    warning = result.status == "warn"
    return AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=result.status in PASSED,
        severity=AssetCheckSeverity.WARN if warning else AssetCheckSeverity.ERROR,
        metadata={
            "seconds": result.seconds,
            **({"failures": result.failures} if result.failures else {}),
            **({"message": result.message} if result.message else {}),
        },
    )


def _is_built(mesh: Mesh, result: Result) -> bool:
    return result.unique_id in mesh.keys and result.status in BUILT


def _results(run_id: str) -> RunResults:
    """Dbt's results of a build; none if it did not come so far."""
    folder = run_folder(run_id)
    if (folder / "run_results.json").exists():
        return read_run_results(folder)
    return RunResults("", "", 0.0, ())

"""The OpenLineage events of one build, made from dbt's manifest and results.

Names follow OpenLineage's naming for Trino: a dataset's namespace is ``trino://<host>:<port>``, its
name ``<catalog>.<schema>.<table>``. The catalog is the published one, whatever branch was built on:
that is where readers find the table. Events carry names and counts, never values: dbt's messages
may quote rows, so they stay out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent
from openlineage.client.facet_v2 import (
    DatasetFacet,
    InputDatasetFacet,
    JobFacet,
    RunFacet,
    data_quality_assertions_dataset,
    documentation_dataset,
    documentation_job,
    error_message_run,
    job_type_job,
    ownership_job,
    parent_run,
    processing_engine_run,
    schema_dataset,
)
from openlineage.client.generated.base import EventType

from mesh import __version__
from mesh.build.manifest import Manifest, Node, Result, RunResults, Source, Test

NAMESPACE = "mesh"
"""Namespace of the jobs."""
PRODUCER = f"https://example.org/mesh/{__version__}"


@dataclass(frozen=True)
class Place:
    """Where the datasets are: Trino's address and the catalog that readers use."""

    host: str
    port: int
    catalog: str

    @property
    def namespace(self) -> str:
        """The namespace of its datasets."""
        return f"trino://{self.host}:{self.port}"

    def name(self, table: Node | Source) -> str:
        """The name of a table's dataset."""
        return f"{self.catalog}.{table.relation}"


def events(
    manifest: Manifest, results: RunResults, place: Place, *, run_id: str, published: bool
) -> Iterator[RunEvent]:
    """The events of a build, in the order things happened.

    Per node that ran a START and a COMPLETE or FAIL with its inputs and outputs, under one job for
    the whole run; per table that tests looked at, one run with their outcomes as assertions.
    """
    whole = Run(str(uuid5(NAMESPACE_URL, f"mesh/{run_id}")))
    job = Job(NAMESPACE, "mesh.run", {"jobType": _job_type("JOB")})
    parent = parent_run.ParentRunFacet(
        run=parent_run.Run(whole.runId), job=parent_run.Job(NAMESPACE, job.name), producer=PRODUCER
    )
    timed = [r for r in results.results if r.started_at and r.completed_at]
    ordered = sorted(timed, key=lambda result: result.started_at or "")
    began = ordered[0].started_at if ordered else results.generated_at
    yield _event(EventType.START, began, whole, job)
    for result in ordered:
        node = manifest.nodes.get(result.unique_id)
        if node is not None:
            yield from _of_node(manifest, node, result, place, parent)
    yield from _of_tests(manifest, results, place, parent)
    outcome = EventType.COMPLETE if published else EventType.FAIL
    yield _event(outcome, results.generated_at, whole, job)


def _of_node(
    manifest: Manifest, node: Node, result: Result, place: Place, parent: RunFacet
) -> Iterator[RunEvent]:
    facets: dict[str, RunFacet] = {
        "parent": parent,
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            version=manifest.dbt_version, name="dbt", producer=PRODUCER
        ),
    }
    run = Run(_run_id(manifest, node.unique_id), facets)
    job = Job(NAMESPACE, node.unique_id, _job_facets(manifest, node))
    inputs = [
        InputDataset(place.namespace, place.name(table), facets=_dataset_facets(table))
        for table in (manifest.relation_of(name) for name in node.depends_on)
        if table is not None
    ]
    output = OutputDataset(place.namespace, place.name(node), facets=_dataset_facets(node))
    yield _event(EventType.START, result.started_at, run, job, inputs=inputs, outputs=[output])
    if result.failed:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=f"dbt: {result.status}", programmingLanguage="SQL", producer=PRODUCER
        )
    outcome = EventType.FAIL if result.failed else EventType.COMPLETE
    yield _event(outcome, result.completed_at, run, job, inputs=inputs, outputs=[output])


def _of_tests(
    manifest: Manifest, results: RunResults, place: Place, parent: RunFacet
) -> Iterator[RunEvent]:
    by_table: dict[str, list[tuple[Test, Result]]] = {}
    for result in results.results:
        test = manifest.tests.get(result.unique_id)
        if test is not None and test.kind == "test" and test.attached and result.completed_at:
            by_table.setdefault(test.attached, []).append((test, result))
    for unique_id, looks in by_table.items():
        table = manifest.relation_of(unique_id)
        if table is None:
            continue
        run = Run(_run_id(manifest, f"tests of {unique_id}"), {"parent": parent})
        job = Job(NAMESPACE, f"tests of {unique_id}", {"jobType": _job_type("TEST")})
        assertions: dict[str, InputDatasetFacet] = {"dataQualityAssertions": _assertions(looks)}
        dataset = InputDataset(place.namespace, place.name(table), assertions)
        began = min(result.started_at or "" for _, result in looks)
        ended = max(result.completed_at or "" for _, result in looks)
        failed = any(result.failed for _, result in looks)
        yield _event(EventType.START, began, run, job, inputs=[dataset])
        outcome = EventType.FAIL if failed else EventType.COMPLETE
        yield _event(outcome, ended, run, job, inputs=[dataset])


def _assertions(looks: Sequence[tuple[Test, Result]]) -> InputDatasetFacet:
    return data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
        assertions=[
            data_quality_assertions_dataset.Assertion(
                assertion=test.generic or test.name,
                success=result.status == "pass",
                column=test.column,
                severity=test.severity,
                name=test.name,
            )
            for test, result in looks
        ],
        producer=PRODUCER,
    )


def _job_facets(manifest: Manifest, node: Node) -> dict[str, JobFacet]:
    facets: dict[str, JobFacet] = {"jobType": _job_type(node.kind.upper())}
    if node.description:
        facets["documentation"] = documentation_job.DocumentationJobFacet(
            description=node.description, producer=PRODUCER
        )
    group = manifest.groups.get(node.group or "")
    if group:
        owner = ownership_job.Owner(name=group.owner_email or group.owner_name, type="OWNER")
        facets["ownership"] = ownership_job.OwnershipJobFacet(owners=[owner], producer=PRODUCER)
    return facets


def _job_type(kind: str) -> JobFacet:
    return job_type_job.JobTypeJobFacet(
        processingType="BATCH", integration="DBT", jobType=kind, producer=PRODUCER
    )


def _dataset_facets(table: Node | Source) -> dict[str, DatasetFacet]:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(
            name=column.name, type=column.data_type, description=column.description or None
        )
        for column in table.columns
    ]
    facets: dict[str, DatasetFacet] = {}
    if fields:
        facets["schema"] = schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER)
    if table.description:
        facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(
            description=table.description, producer=PRODUCER
        )
    return facets


def _run_id(manifest: Manifest, what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"mesh/{manifest.invocation_id}/{what}"))


def _event(
    kind: EventType,
    time: str | None,
    run: Run,
    job: Job,
    *,
    inputs: Sequence[InputDataset] = (),
    outputs: Sequence[OutputDataset] = (),
) -> RunEvent:
    return RunEvent(
        eventType=kind,
        eventTime=time or "",
        run=run,
        job=job,
        inputs=list(inputs),
        outputs=list(outputs),
        producer=PRODUCER,
    )

"""The landing tables: their schema and properties, and how several change in one commit.

Tables are reached through Nessie's Iceberg REST endpoint of one reference. All tables of a landing
change in a single Nessie commit (the REST specification's ``transactions/commit``), so a landing
is on the branch as a whole or not at all. PyIceberg prepares the changes but cannot send that
request itself, and Nessie 0.99 wants two things that PyIceberg's own requests differ in: they are
set right in ``_payload``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
import requests
from pyarrow.fs import S3FileSystem
from pyiceberg.catalog import TOKEN
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError, RESTError
from pyiceberg.expressions import BooleanExpression, In
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import CommitTableRequest, Namespace, Table, TableIdentifier, Transaction
from pyiceberg.table.update import (
    AssertCreate,
    AssertRefSnapshotId,
    AssertTableUUID,
    TableRequirement,
)
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType, TimestamptzType

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.landing.files import (
    BATCH_ID,
    LOADED_AT,
    MEASURED,
    ROW_NUMBER,
    SOURCE_FILE,
    SourceFile,
)

TABLE_PROPERTIES = {
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "zstd",
    # One manifest per batch; a table of many batches gets them merged.
    "commit.manifest-merge.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    # Files of one branch may be needed by another, so only Nessie's own collector may delete.
    "gc.enabled": "false",
    "write.metadata.delete-after-commit.enabled": "false",
    # Bounds of personal data would stand in the manifests and in `$files`, and nobody looks a row
    # up by its raw text.
    "write.metadata.metrics.default": "none",
    **{f"write.metadata.metrics.column.{name}": "full" for name in MEASURED},
}

UNPARTITIONED = PartitionSpec()

_COMMIT_SECONDS = 120


class _FileIO(PyArrowFileIO):
    """PyIceberg's file access with one request for a small file instead of three."""

    def __init__(self, properties: dict[str, str] | None = None) -> None:
        super().__init__(properties or {})
        store = filesystem(self.properties)
        self.fs_by_scheme = lambda _scheme, _bucket: store


def filesystem(properties: dict[str, str]) -> S3FileSystem:
    """The object store of a catalog with these properties."""
    return S3FileSystem(
        endpoint_override=properties["s3.endpoint"],
        region=properties["s3.region"],
        access_key=properties["s3.access-key-id"],
        secret_key=properties["s3.secret-access-key"],
        allow_delayed_open=True,
    )


def open_catalog(lake: Lake, ref: str) -> RestCatalog:
    """The Iceberg catalog of one Nessie reference.

    Raises:
        LakeError: Nessie does not answer, or has no such reference.
    """
    if lake.embedded:
        _bypass_proxies()
    with translated(ref):
        return RestCatalog(
            "lake",
            uri=f"{lake.nessie_uri}/iceberg/{ref}",
            warehouse=lake.warehouse,
            **{
                "s3.endpoint": lake.s3_endpoint,
                "s3.region": lake.s3_region,
                "s3.access-key-id": lake.s3_access_key,
                "s3.secret-access-key": lake.s3_secret_key,
                "py-io-impl": f"{_FileIO.__module__}.{_FileIO.__qualname__}",
                **({TOKEN: lake.nessie_token} if lake.nessie_token else {}),
            },
        )


def _bypass_proxies() -> None:
    """Loopback is asked directly, whatever proxy the machine has; PyIceberg reads this only."""
    names = ("no_proxy", "NO_PROXY")
    hosts = {host for name in names for host in os.environ.get(name, "").split(",") if host}
    for name in names:
        os.environ[name] = ",".join(sorted({*hosts, "127.0.0.1"}))


@contextmanager
def translated(ref: str) -> Iterator[None]:
    """Turn what Nessie and S3 raise into errors that a user can act on."""
    try:
        yield
    except requests.ConnectionError as error:
        raise LakeError(
            "Nessie does not answer", where=_address(error), hint="look at `./mesh status`"
        ) from error
    except requests.RequestException as error:
        raise LakeError(f"the request to Nessie failed: {error}") from error
    except RESTError as error:
        raise LakeError(f"Nessie refused a request on the reference {ref}: {error}") from error
    except OSError as error:
        raise LakeError(
            f"the object store refused a request: {_first_line(error)}",
            hint="is its disk full? Nothing was landed",
        ) from error


def _address(error: requests.ConnectionError) -> str | None:
    return error.request.url if error.request is not None else None


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def landing_schema(file: SourceFile) -> Schema:
    """The file's columns as text, then the technical ones."""
    fields = [NestedField(i, name, StringType()) for i, name in enumerate(file.columns, 1)]
    technical = (
        (BATCH_ID, StringType(), "Which content of the source file the row came with"),
        (SOURCE_FILE, StringType(), "Name of the source file"),
        (ROW_NUMBER, LongType(), "Number of the data row in the source file, from 1"),
        (LOADED_AT, TimestamptzType(), "When the batch was landed; later batches are greater"),
    )
    start = len(fields) + 1
    for i, (name, kind, doc) in enumerate(technical, start):
        fields.append(NestedField(i, name, kind, required=True, doc=doc))
    return Schema(*fields)


def batch_partitions(schema: Schema) -> PartitionSpec:
    """One partition per batch, so that bronze reads only the batches it lacks."""
    source = schema.find_field(BATCH_ID).field_id
    return PartitionSpec(PartitionField(source, 1000, IdentityTransform(), BATCH_ID))


def make_namespaces(catalog: RestCatalog, names: set[str]) -> None:
    """Have the schemas; another process may make them at the same time."""
    present = {name for (name,) in catalog.list_namespaces()}
    for name in sorted(names - present):
        with suppress(NamespaceAlreadyExistsError):
            catalog.create_namespace(name)


def load_tables(
    catalog: RestCatalog, names: Iterable[str], pool: Executor
) -> dict[str, Table | None]:
    """Each table by name; those that do not exist yet are None."""
    names = list(names)
    return dict(zip(names, pool.map(lambda name: load_table(catalog, name), names), strict=True))


def load_table(catalog: RestCatalog, name: str) -> Table | None:
    """A table, or None if it does not exist yet."""
    try:
        table: Table = catalog.load_table(name)
    except NoSuchTableError:
        return None
    return table


def append_rows(
    catalog: RestCatalog, ref: str, name: str, schema: Schema, comment: str, rows: pa.Table
) -> None:
    """Append rows to an unpartitioned table of a branch, which is made if it is not there."""
    with translated(ref):
        make_namespaces(catalog, {name.partition(".")[0]})
        table = load_table(catalog, name)
        if table is None:
            transaction = stage(catalog, name, schema, UNPARTITIONED, comment)
        else:
            transaction = table.transaction()
        transaction.append(rows)
    commit(catalog, ref, [change(name, transaction, table)])


def among(column: str, values: Iterable[str]) -> BooleanExpression:
    """The filter of a scan for rows whose ``column`` holds one of ``values``."""
    made: Any = In  # its annotations name other parameters than it takes
    found: BooleanExpression = made(column, set(values))
    return found


def change(name: str, transaction: Transaction, base: Table | None) -> CommitTableRequest:
    """What a prepared transaction asks for, to be sent by ``commit``.

    Args:
        name: The table, as ``schema.table``.
        transaction: What was prepared; it must not be committed itself.
        base: The table as it was loaded, None if the transaction makes it. The commit is refused
            if the table is another by then.
    """
    requirements: tuple[TableRequirement, ...] = (AssertCreate(),)
    if base is not None:
        head = base.metadata.current_snapshot_id
        requirements = (
            AssertTableUUID(uuid=base.metadata.table_uuid),
            AssertRefSnapshotId.model_validate({"ref": "main", "snapshot-id": head}),
        )
    namespace, table = name.split(".")
    return CommitTableRequest(
        identifier=TableIdentifier(namespace=Namespace([namespace]), name=table),
        requirements=requirements,
        updates=transaction._updates,  # PyIceberg has no public way to ask
    )


def commit(catalog: RestCatalog, ref: str, changes: list[CommitTableRequest]) -> None:
    """Apply all changes in one Nessie commit.

    Raises:
        LakeError: Another writer was faster, or Nessie refused or did not answer.
    """
    body = {"table-changes": [_payload(change) for change in changes]}
    try:
        answer = requests.post(
            catalog.url("transactions/commit"),
            json=body,
            auth=signed(catalog.properties.get(TOKEN)),
            timeout=_COMMIT_SECONDS,
        )
    except requests.RequestException as error:
        raise UnknownOutcome(
            "the connection to Nessie broke during the commit, so the landing may stand or not",
            hint="land again: batches that did land are recognised and skipped",
        ) from error
    if answer.status_code == requests.codes.conflict:
        raise LakeError(
            f"another landing changed the tables of {ref} at the same time: {_reason(answer)}",
            hint="nothing was landed; land again",
        )
    if not answer.ok:
        raise LakeError(f"Nessie refused the landing on {ref}: {_reason(answer)}")


def signed(
    token: str | None,
) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """What puts the token into a request: a plain header would yield to an entry of netrc."""

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


class UnknownOutcome(LakeError):
    """A commit whose answer never came: its files must stay, since tables may refer to them."""


def _reason(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError):
        return f"HTTP {answer.status_code}"


def _payload(change: CommitTableRequest) -> dict[str, Any]:
    """A change as Nessie 0.99 takes it.

    It demands ``last-column-id`` of a new schema, which PyIceberg no longer sends, and refuses
    two ``set-properties`` in one change.
    """
    payload: dict[str, Any] = json.loads(change.model_dump_json(by_alias=True))
    properties: dict[str, str] = {}
    updates = []
    for update in payload["updates"]:
        if update["action"] == "set-properties":
            properties |= update["updates"]
            continue
        if update["action"] == "add-schema":
            update["last-column-id"] = max(field["id"] for field in update["schema"]["fields"])
        updates.append(update)
    if properties:
        updates.append({"action": "set-properties", "updates": properties})
    return {**payload, "updates": updates}


def stage(
    catalog: RestCatalog, name: str, schema: Schema, spec: PartitionSpec, comment: str
) -> Transaction:
    """Begin to make a table; it exists once the transaction's changes are committed."""
    transaction: Transaction = catalog.create_table_transaction(
        name,
        schema=schema,
        partition_spec=spec,
        properties={**TABLE_PROPERTIES, "comment": comment},
    )
    return transaction

"""The files that belong to a release, kept in the lake's bucket beside its tables.

They lie under the run's id and are written before main moves, so a release never lacks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from mesh.core.errors import LakeError
from mesh.core.settings import Lake

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

FOLDER = "_releases"
"""Where they lie in the bucket."""


def put_files(lake: Lake, run_id: str, files: Mapping[str, Path]) -> None:
    """Store ``files``, by name, for the run.

    Raises:
        LakeError: One cannot be read, or S3 refused it.
    """
    if not files:
        return
    store = filesystem(lake)
    for name, path in files.items():
        try:
            data = path.read_bytes()
            with store.open_output_stream(_path(lake, run_id, name)) as stream:
                stream.write(data)
        except OSError as error:
            _refuse(lake, f"cannot store {name} of {run_id}", error)


def get_file(lake: Lake, run_id: str, name: str) -> bytes:
    """The stored file ``name`` of the run.

    Raises:
        LakeError: The run has no such file.
    """
    try:
        with filesystem(lake).open_input_stream(_path(lake, run_id, name)) as stream:
            return bytes(stream.read())
    except OSError as error:
        _refuse(lake, f"run {run_id} has no {name}", error)


def find_file(lake: Lake, run_id: str, name: str) -> bytes | None:
    """The stored file ``name`` of the run; None where the store says that there is none.

    Raises:
        LakeError: The store did not answer, so that nothing is known of the file.
    """
    from pyarrow.fs import FileType

    try:
        info = filesystem(lake).get_file_info(_path(lake, run_id, name))
    except OSError as error:
        _refuse(lake, f"cannot look for {name} of {run_id}", error)
    return None if info.type == FileType.NotFound else get_file(lake, run_id, name)


def stored_runs(lake: Lake) -> set[str]:
    """The ids of the runs that have files."""
    from pyarrow.fs import FileSelector, FileType

    selector = FileSelector(f"{lake.bucket}/{FOLDER}", allow_not_found=True)
    found = filesystem(lake).get_file_info(selector)
    return {info.base_name for info in found if info.type == FileType.Directory}


def drop_files(lake: Lake, run_id: str) -> None:
    """Delete the files of the run."""
    filesystem(lake).delete_dir(f"{lake.bucket}/{FOLDER}/{run_id}")


def filesystem(lake: Lake) -> S3FileSystem:
    """The lake's S3 service."""
    from pyarrow.fs import S3FileSystem

    scheme, _, address = lake.s3_endpoint.rpartition("://")
    return S3FileSystem(
        access_key=lake.s3_access_key,
        secret_key=lake.s3_secret_key,
        endpoint_override=address.rstrip("/"),
        scheme=scheme or "https",
        region=lake.s3_region,
    )


def _path(lake: Lake, run_id: str, name: str) -> str:
    return f"{lake.bucket}/{FOLDER}/{run_id}/{name}"


def _refuse(lake: Lake, what: str, error: OSError) -> NoReturn:
    raise LakeError(f"{what}: {error}", where=f"{lake.s3_endpoint}/{lake.bucket}") from error

"""SQL on the lake's Trino."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests
from trino.auth import BasicAuthentication
from trino.dbapi import Connection
from trino.dbapi import connect as trino_connect
from trino.exceptions import Error, HttpError, TrinoQueryError

from mesh.core.errors import LakeError
from mesh.core.settings import Lake

_LOCATION = re.compile(r"^line (\d+):(\d+): ")

NO_ANSWER = (Error, HttpError, requests.RequestException)
"""What the client raises without a verdict on a statement; catch its TrinoQueryError first."""


class _Session(requests.Session):
    """A session whose own ``verify`` wins over REQUESTS_CA_BUNDLE.

    requests lets that variable replace the bundle a session was given, so a machine that sets it
    would not know the lake's authority. The environment's proxies still count.
    """

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        own = self.verify if verify is None else verify
        return super().merge_environment_settings(url, proxies, stream, own, cert)


def connect(
    lake: Lake,
    catalog: str | None = None,
    schema: str | None = None,
    user: str | None = None,
    source: str = "mesh",
    properties: Mapping[str, str] | None = None,
) -> Connection:
    """A connection to the lake's Trino, certificate checked.

    Args:
        lake: The lake.
        catalog: Catalog of names that have none.
        schema: Schema of names that have none.
        user: Another user than the lake's own; needs an engine without passwords.
        source: What Trino's query list shows as the client.
        properties: System session properties; a role may set few.
    """
    session = _Session()
    session.verify = lake.trino_ca or True
    # The embedded engine is on loopback: no proxy of the environment may stand in between.
    session.trust_env = not lake.embedded
    name = user or lake.trino_user
    auth = BasicAuthentication(name, lake.trino_password) if lake.trino_password else None
    connection: Connection = trino_connect(  # type: ignore[no-untyped-call]
        host=lake.trino_host,
        port=lake.trino_port,
        user=name,
        source=source,
        catalog=catalog,
        schema=schema,
        session_properties=dict(properties or {}),
        http_scheme=lake.trino_scheme,
        http_session=session,
        auth=auth,
        verify=session.verify,
    )
    return connection


def query(
    lake: Lake, sql: str, catalog: str | None = None, schema: str | None = None
) -> list[tuple[Any, ...]]:
    """Run one statement and fetch all of its rows.

    Raises:
        LakeError: Trino refused it, with Trino's words and the place as ``line:column``.
    """
    with connect(lake, catalog, schema) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]
        except TrinoQueryError as error:
            raise as_lake_error(error) from error
        except NO_ANSWER as error:
            raise unanswered(lake, error) from error


def unanswered(lake: Lake, error: Exception) -> LakeError:
    """What one of :data:`NO_ANSWER` says to whoever asked, without a page of HTML or a password."""
    said = str(error)
    if isinstance(error, HttpError) and said.startswith("error 401"):
        return LakeError(
            f"Trino at {lake.trino_host}:{lake.trino_port} refuses {lake.trino_user}: 401, "
            "wrong user or password",
            hint="MESH_TRINO_USER and MESH_TRINO_PASSWORD name the account of an external lake",
        )
    return LakeError(
        f"Trino at {lake.trino_host}:{lake.trino_port} did not answer: {said}",
        hint="`./mesh status` says whether it runs, `./mesh up` starts it; see `./mesh logs trino`",
    )


def as_lake_error(error: TrinoQueryError) -> LakeError:
    """Trino's refusal with its own words; ``where`` is the place in the statement."""
    message = str(error.message or error)
    found = _LOCATION.match(message)
    return LakeError(
        message[found.end() :] if found else message,
        where=f"statement:{found[1]}:{found[2]}" if found else None,
        hint=f"Trino's query {error.query_id}, {error.error_name}",
    )

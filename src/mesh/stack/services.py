"""The three services: how each is configured, started and asked whether it is ready."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from mesh.core.errors import StackError
from mesh.core.paths import ROOT
from mesh.core.secrets import Secrets, write_private
from mesh.stack.archive import archive_of, start_options
from mesh.stack.java import environment
from mesh.stack.memory import Heap
from mesh.stack.tls import Tls

TEMPLATES = ROOT / "platform" / "templates"
USER = "mesh"
BUCKET = "lake"
WAREHOUSE = "lake"
REGION = "us-east-1"
PORTS = ("s3", "nessie", "nessie_management", "trino")
"""Everything that listens; each port is recorded under this name."""
NAMES = ("s3", "nessie", "trino")
"""The services in the order in which they depend on each other."""

COMMON_OPTIONS = (
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-OmitStackTraceInFastThrow",
    "-Dfile.encoding=UTF-8",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


@dataclass(frozen=True)
class Context:
    """What configurations are made from; ``state`` is the folder of this checkout."""

    state: Path
    ports: Mapping[str, int]
    secrets: Secrets
    tls: Tls
    heap: Heap
    java: Path

    @property
    def etc(self) -> Path:
        """Where rendered configuration lies."""
        return self.state / "etc"

    @property
    def data(self) -> Path:
        """Where the services keep their data."""
        return self.state / "data"


@dataclass(frozen=True)
class Service:
    """One process: its command, environment, folder, ports and test for readiness."""

    name: str
    ports: tuple[int, ...]
    command: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    log: Path
    settings: str
    ready: Callable[[], bool]


def owner(port: str) -> str:
    """The service that listens on a port of :data:`PORTS`."""
    return port.partition("_")[0]


def prepare(context: Context) -> tuple[Service, ...]:
    """Write the configurations, fetch what is missing, and describe the services."""
    fetch_missing()
    _close(context.data)
    for folder in ("s3", f"s3/{BUCKET}", "nessie"):
        _close(context.data / folder)
    _close(context.state / "trino")
    return (_s3(context), _nessie(context), _trino(context))


def fetch_missing() -> None:
    """Download what the services lack in one go: one display, one look at the space left."""
    from mesh.stack.artifacts import classpath
    from mesh.stack.distribution import is_unpacked

    classpath("s3proxy", "nessie", *(() if is_unpacked() else ("trino",)))


def _close(folder: Path) -> None:
    """Have a folder that only its owner may enter; S3Proxy lists any other one to everybody."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _s3(context: Context) -> Service:
    from mesh.stack.artifacts import classpath

    conf = render(context, "s3/s3proxy.conf")
    options = ["-XX:+UseSerialGC", *COMMON_OPTIONS]
    jars = os.pathsep.join(str(jar) for jar in classpath("s3proxy"))
    port = context.ports["s3"]
    return _service(
        context,
        "s3",
        changeable=[f"-Xmx{context.heap.s3}m"],
        command=[*options, "-cp", jars, "org.gaul.s3proxy.Main", "--properties", str(conf)],
        files=[conf],
        # It refuses an unsigned request, which is answer enough.
        ready=lambda: _status(port, "/") is not None,
    )


def _nessie(context: Context) -> Service:
    from mesh.stack.artifacts import classpath

    conf = render(context, "nessie/application.properties")
    options = ["-XX:+UseSerialGC", *COMMON_OPTIONS]
    # The quick compiler alone: half the work at start, and less in all for the few thousand
    # requests of a build (measured: 200 branches with a commit cost 1.5 s of processor, not 3.3).
    options.append("-XX:TieredStopAtLevel=1")
    options.append(f"-Dsmallrye.config.locations={conf}")
    (jar,) = classpath("nessie")
    port = context.ports["nessie"]
    signed = {"Authorization": f"Bearer {context.secrets.nessie_token}"}
    return _service(
        context,
        "nessie",
        changeable=[f"-Xmx{context.heap.nessie}m"],
        command=[*options, "-jar", str(jar)],
        files=[conf],
        ready=lambda: _status(port, "/api/v2/config", signed) == http.client.OK,
    )


def _trino(context: Context) -> Service:
    from mesh.stack.distribution import trino_home

    home = trino_home()
    names = ("config", "password-authenticator", "access-control")
    files = [render(context, f"trino/{name}.properties", trino_home=home) for name in names]
    _install_access(context)
    options = ["-XX:+UseG1GC", *COMMON_OPTIONS]
    options += ["-XX:ReservedCodeCacheSize=256M", "-Djdk.attach.allowAttachSelf=true"]
    learned = start_options(archive_of(home, options))
    options += [f"-Dconfig={files[0]}", "-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"]
    env = {
        "MESH_S3_ACCESS_KEY": context.secrets.s3_access_key,
        "MESH_S3_SECRET_KEY": context.secrets.s3_secret_key,
        "MESH_NESSIE_TOKEN": context.secrets.nessie_token,
        # Its catalogs hold these addresses: Trino has to start anew when they change.
        "MESH_S3_PORT": str(context.ports["s3"]),
        "MESH_NESSIE_PORT": str(context.ports["nessie"]),
    }
    trust = ssl.create_default_context(cafile=str(context.tls.ca))
    port = context.ports["trino"]
    return _service(
        context,
        "trino",
        changeable=[f"-Xmx{context.heap.trino}m", *learned],
        command=options,
        files=[*files, context.tls.server],
        ready=lambda: _trino_ready(port, trust),
        env=env,
    )


def _service(
    context: Context,
    name: str,
    *,
    changeable: list[str],
    command: list[str],
    files: list[Path],
    ready: Callable[[], bool],
    env: dict[str, str] | None = None,
) -> Service:
    """A service with a digest of all that a running process would have to be restarted for.

    What is ``changeable`` is not part of it: a shell without the variable that set the heap must
    be able to join, and so must one that finds an archive where the process found none.
    """
    java = str(context.java)
    digest = hashlib.sha256("\0".join([java, *command]).encode())
    digest.update(repr(sorted((env or {}).items())).encode())
    for file in files:
        digest.update(file.read_bytes())
    return Service(
        name=name,
        ports=tuple(number for port, number in context.ports.items() if owner(port) == name),
        command=(java, *changeable, *command),
        env={**environment(), **(env or {})},
        cwd=context.state / "trino" if name == "trino" else context.state,
        log=context.state / "logs" / f"{name}.log",
        settings=digest.hexdigest(),
        ready=ready,
    )


def render(context: Context, name: str, **more: object) -> Path:
    """Render ``platform/templates/<name>.j2`` to ``<state>/etc/<name>``, mode 0600.

    Raises:
        StackError: The template uses a name that is not given.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - properties and JSON, not HTML
    )
    values = {
        "ports": SimpleNamespace(**context.ports),
        "secrets": context.secrets,
        "etc": context.etc,
        "data": context.data,
        "tls": context.tls.server.parent,
        "user": USER,
        "bucket": BUCKET,
        "warehouse": WAREHOUSE,
        "region": REGION,
    }
    try:
        text = environment.get_template(f"{name}.j2").render(values, **more)
    except UndefinedError as error:
        raise StackError(str(error), where=str(TEMPLATES / f"{name}.j2")) from error
    path = context.etc / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        write_private(path, text)
    return path


def _install_access(context: Context) -> None:
    """Hand the committed access rules to Trino, with an account for each role.

    Trino reads both files again every few seconds, so a change needs no restart.

    Raises:
        StackError: The rules are missing or not sound: nothing starts then.
    """
    from mesh.access.accounts import ensure_accounts, write_password_file
    from mesh.access.guard import load_rules, roles_in
    from mesh.access.trino import FILE

    text, rules = load_rules(ROOT / FILE)
    installed = context.etc / "trino" / "rules.json"
    if not installed.exists() or installed.read_text() != text:
        write_private(installed, text)
    passwords = {USER: context.secrets.trino_password, **ensure_accounts(roles_in(rules, USER))}
    write_password_file(context.etc / "trino" / "password.db", passwords)


def _trino_ready(port: int, trust: ssl.SSLContext) -> bool:
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=trust)
    try:
        connection.request("GET", "/v1/info")
        return json.loads(connection.getresponse().read()).get("starting") is False
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def _status(port: int, path: str, headers: Mapping[str, str] | None = None) -> int | None:
    """Status code of a GET on loopback, None when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

"""A lake that somebody else keeps, named in the environment: here the test lake, seen from a home
of its own that has started nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake
from mesh.stack.record import load_record
from tests.stack.published import Published

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Stranger:
    """Another machine's checkout as far as the lake can tell."""

    def __init__(self, lake: Lake, home: Path) -> None:
        self.home = home
        # requests lets these outweigh the certificate that a connection is given (psf/requests#3829).
        own = {name: value for name, value in os.environ.items() if name not in BUNDLES}
        self.env = {
            **own,
            "PYTHONPATH": str(ROOT / "src"),
            "MESH_HOME": str(home),
            "MESH_SECRETS_FILE": str(state_dir() / "secrets.json"),
            "MESH_TRINO_HOST": lake.trino_host,
            "MESH_TRINO_PORT": str(lake.trino_port),
            "MESH_TRINO_USER": lake.trino_user,
            "MESH_TRINO_PASSWORD": lake.trino_password or "",
            "MESH_TRINO_CA": lake.trino_ca or "",
            "MESH_NESSIE_URI": lake.nessie_uri,
            "MESH_NESSIE_TOKEN": lake.nessie_token or "",
            "MESH_S3_ENDPOINT": lake.s3_endpoint,
            "MESH_S3_ACCESS_KEY": lake.s3_access_key,
            "MESH_S3_SECRET_KEY": lake.s3_secret_key,
        }

    def __call__(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mesh", *arguments],
            env={**self.env, **env},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture
def stranger(published: Published, tmp_path: Path) -> Stranger:
    return Stranger(published.lake, tmp_path / "home")


def test_it_is_read_built_on_and_left_running(published: Published, stranger: Stranger) -> None:
    release = published.second.release
    source = str(published.files.folder)

    ran = stranger("run", "--source", source, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    outcome = json.loads(ran.stdout)
    assert (outcome["release"], outcome["new"]) == (release, False)
    assert "nothing is started here" in ran.stderr

    checked = stranger("ci", "--format", "json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["compared_with"] == release

    counted = stranger(
        "sql", "--format", "json", "select count(*) as n from patients_gold.dim_patients__profiles"
    )
    assert json.loads(counted.stdout) == [{"n": published.files.rows("patients")}]

    ended = stranger("down")
    assert "nothing is ended here" in ended.stderr
    assert all(each.running.alive for each in load_record().services.values())


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MESH_TRINO_PASSWORD", "wrong", "401"),
        ("MESH_TRINO_CA", "", "certificate verify failed"),
        ("MESH_NESSIE_URI", "", "MESH_NESSIE_URI"),
        ("MESH_S3_SECRET_KEY", "", "MESH_S3_SECRET_KEY"),
        ("MESH_TRINO_PORT", "1", "did not answer"),
        ("MESH_TRINO_SCHEME", "http", "MESH_TRINO_SCHEME is 'http'"),
    ],
)
def test_what_is_wrong_with_its_address_is_said(
    stranger: Stranger, variable: str, value: str, said: str
) -> None:
    refused = stranger("sql", "select 1", **{variable: value})
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_certificate_is_verified_by_plain_dbt(published: Published, stranger: Stranger) -> None:
    """The target prod trusts the system's authorities, which do not know this lake's."""
    env = {
        "MESH_TARGET": "prod",
        "MESH_DBT_CATALOG": "lake",
        "DBT_ENV_SECRET_MESH_TRINO_PASSWORD": published.lake.trino_password or "",
    }
    debug = [str(Path(sys.executable).with_name("dbt")), "debug", "--connection"]
    debug += ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
    debug += ["--log-path", str(stranger.home)]

    def connect(**more: str) -> str:
        done = subprocess.run(
            debug,
            env={**stranger.env, **env, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.stdout

    assert "OK connection ok" in connect(NO_COLOR="1", DBT_USE_COLORS="false")
    assert "certificate" in connect(MESH_TRINO_CA="").lower()

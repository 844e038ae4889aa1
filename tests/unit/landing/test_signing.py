"""The landing's own request to Nessie carries the token, whatever the machine's netrc file says."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from mesh.landing.tables import signed


@pytest.mark.parametrize(
    ("token", "header"), [("the-token", "Bearer the-token"), (None, None), ("", None)]
)
def test_the_token_is_sent_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str | None, header: str | None
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password word\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    asked = requests.Request("POST", "http://127.0.0.1:1/", auth=signed(token))
    with requests.Session() as session:
        assert session.prepare_request(asked).headers.get("Authorization") == header

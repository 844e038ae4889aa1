"""Downloads against a server on loopback that breaks in every way a real one does."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mesh.core.errors import ArtifactError
from mesh.stack import artifacts, download
from mesh.stack.artifacts import Artifact
from mesh.stack.download import CHUNK, Cancelled, Wanted, fetch

CONTENT = os.urandom(700_000)
SHA = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Behaviour:
    """What the server does; each list is used up request by request."""

    content: bytes = CONTENT
    cut_after: list[int | None] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    ranges: bool = True
    refuse_ranges: bool = False
    corrupt: int = 0
    seen: list[str | None] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Behaviour]]:
    behaviour = Behaviour()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            behaviour.seen.append(asked)
            if behaviour.status:
                return self._head(behaviour.status.pop(0), {}, 0)
            if asked and behaviour.refuse_ranges:
                return self._head(416, {}, 0)
            body, start = behaviour.content, 0
            if asked and behaviour.ranges:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
            if behaviour.corrupt:
                behaviour.corrupt -= 1
                body = bytes(len(body))
            rest = body[start:]
            headers = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            self._head(206 if start else 200, headers if start else {}, len(rest))
            cut = behaviour.cut_after.pop(0) if behaviour.cut_after else None
            self.wfile.write(rest[:cut])
            if cut is not None:
                self.close_connection = True
            return None

        def _head(self, status: int, headers: dict[str, str], length: int) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    monkeypatch.setattr(download, "WAIT", 0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}", behaviour
        http.shutdown()
        thread.join()


def wanted(url: str, sha: str = SHA, size: int = len(CONTENT)) -> Wanted:
    return Wanted("a:b:1:jar", f"{url}/a/b/1/b-1.jar", sha, size)


def run(target: Path, what: Wanted) -> list[int]:
    seen: list[int] = []
    fetch(what, target, seen.append, threading.Event())
    return seen


def test_a_file_arrives_whole_and_progress_ends_at_its_size(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    seen = run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]


def test_a_broken_connection_is_resumed_where_it_ended(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    server[1].cut_after = [300_000, 100_000]
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT
    # What came in whole chunks is kept.
    kept = [300_000 // CHUNK * CHUNK, (300_000 // CHUNK * CHUNK + 100_000) // CHUNK * CHUNK]
    assert server[1].seen == [None, *(f"bytes={start}-" for start in kept)]


def test_a_part_file_of_an_earlier_run_is_resumed(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    (tmp_path / "x.part").write_bytes(CONTENT[:123_456])
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT
    assert server[1].seen == ["bytes=123456-"]


def test_a_complete_part_file_needs_no_request(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    (tmp_path / "x.part").write_bytes(CONTENT)
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT
    assert server[1].seen == []


@pytest.mark.parametrize("refusal", ["ignored", "416"])
def test_a_server_that_does_not_resume_sends_all_again(
    server: tuple[str, Behaviour], tmp_path: Path, refusal: str
) -> None:
    server[1].ranges = False
    server[1].refuse_ranges = refusal == "416"
    (tmp_path / "x.part").write_bytes(CONTENT[:1000])
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT


def test_a_corrupt_part_file_is_fetched_anew_once(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    (tmp_path / "x.part").write_bytes(bytes(1000))
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT
    assert server[1].seen == ["bytes=1000-", None]


def test_wrong_content_twice_is_refused_and_nothing_is_left(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    server[1].corrupt = 2
    with pytest.raises(ArtifactError, match="wrong content twice") as caught:
        run(tmp_path / "x", wanted(server[0]))
    assert SHA in (caught.value.expected or "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_longer_than_the_lock_says_is_refused(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match="longer than the lock"):
        run(tmp_path / "x", wanted(server[0], size=1000))
    assert not (tmp_path / "x").exists()


def test_a_file_shorter_than_the_lock_says_is_given_up(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match="cannot be downloaded"):
        run(tmp_path / "x", wanted(server[0], size=len(CONTENT) + 5))
    assert not (tmp_path / "x").exists()


def test_a_server_in_trouble_is_asked_again(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    server[1].status = [503, 429]
    run(tmp_path / "x", wanted(server[0]))
    assert (tmp_path / "x").read_bytes() == CONTENT


def test_a_missing_file_is_one_sentence_at_once(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    server[1].status = [404]
    with pytest.raises(ArtifactError, match="answered 404"):
        run(tmp_path / "x", wanted(server[0]))
    assert len(server[1].seen) == 1


def test_no_server_is_one_sentence_and_keeps_the_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(download, "WAIT", 0.01)
    (tmp_path / "x.part").write_bytes(CONTENT[:1000])
    with pytest.raises(ArtifactError, match="the server cannot be reached"):
        run(tmp_path / "x", wanted("http://127.0.0.1:9"))
    assert (tmp_path / "x.part").stat().st_size == 1000


def test_a_full_disk_is_named(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    (tmp_path / "x.part").symlink_to("/dev/full")
    with pytest.raises(ArtifactError, match="the disk of the cache is full"):
        run(tmp_path / "x", wanted(server[0]))


def test_a_cancelled_download_keeps_its_part(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        fetch(wanted(server[0]), tmp_path / "x", lambda _: cancel.set(), cancel)
    assert 0 < (tmp_path / "x.part").stat().st_size < len(CONTENT)


def test_a_set_is_downloaded_once_and_shared(
    server: tuple[str, Behaviour], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_MAVEN_URL", server[0])
    monkeypatch.setenv("MESH_CACHE", str(tmp_path / "cache"))
    wished = [Artifact(f"org.x:a{n}:1:jar", SHA, len(CONTENT)) for n in range(6)]
    paths = artifacts.ensure(wished)
    assert [path.name for path in paths] == [f"a{n}-1.jar" for n in range(6)]
    assert all(path.read_bytes() == CONTENT for path in paths)
    assert artifacts.ensure(wished) == paths
    assert len(server[1].seen) == 6


def test_one_bad_artifact_stops_the_set_and_names_it(
    server: tuple[str, Behaviour], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_MAVEN_URL", server[0])
    monkeypatch.setenv("MESH_CACHE", str(tmp_path / "cache"))
    bad = Artifact("org.x:bad:1:jar", "0" * 64, len(CONTENT))
    with pytest.raises(ArtifactError, match=r"org\.x:bad:1:jar came with the wrong content"):
        artifacts.ensure([bad, Artifact("org.x:good:1:jar", SHA, len(CONTENT))])
    assert not bad.present

"""How answers of Nessie, refusals and lost ones are taken; the stack tests use the real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest

from mesh.core.errors import LakeError, MergeConflict
from mesh.lake.commits import Reference
from mesh.lake.nessie import Conflict, Nessie, NotFound, Unanswered

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, patience: float = 0.0) -> Nessie:
    return Nessie("http://nessie", transport=httpx.MockTransport(handler), patience=patience)


def refusing(status: int, message: str) -> Handler:
    return lambda request: httpx.Response(status, json={"message": message})


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFound), (409, Conflict), (400, LakeError), (401, LakeError), (503, Unanswered)],
)
def test_refusals_carry_nessies_words(status: int, kind: type[LakeError]) -> None:
    with client(refusing(status, "said so")) as nessie, pytest.raises(kind, match="said so") as got:
        nessie.get("main")
    assert type(got.value) is kind


def test_an_answer_that_is_no_json_is_shown() -> None:
    def proxy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, text="<html>a proxy</html>")

    with client(proxy) as nessie, pytest.raises(LakeError, match="400 <html>a proxy"):
        nessie.get("main")


def test_a_token_goes_with_every_request_and_none_with_nothing() -> None:
    sent: list[str | None] = []

    def listen(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Authorization"))
        return httpx.Response(200, json={})

    for token in ("the-token", None):
        with Nessie("http://nessie", token, transport=httpx.MockTransport(listen)) as nessie:
            nessie.config()
    assert sent == ["Bearer the-token", None]


def test_who_has_no_proper_token_is_told_where_it_belongs() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401)

    with client(nobody) as nessie, pytest.raises(LakeError, match="401 Unauthorized") as caught:
        nessie.get("main")
    assert "MESH_NESSIE_TOKEN" in (caught.value.hint or "")


def test_a_conflict_without_json_is_still_a_conflict() -> None:
    def proxy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(409, text="busy")

    with client(proxy) as nessie, pytest.raises(Conflict, match="409 busy"):
        nessie.get("main")


def test_a_nessie_that_is_down_is_named_with_its_address() -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with client(down) as nessie, pytest.raises(Unanswered, match="http://nessie did not answer"):
        nessie.get("main")


def test_a_merge_conflict_names_its_tables() -> None:
    handler = refusing(409, "The following keys have been changed in conflict: 'b.t', 'a.t'")
    with client(handler) as nessie, pytest.raises(MergeConflict) as refused:
        nessie.merge(Reference("b", "BRANCH", "1"), Reference("main", "BRANCH", "2"), "m", {})
    assert refused.value.tables == ["a.t", "b.t"]


def test_lists_are_read_page_by_page() -> None:
    tokens: list[str | None] = []

    def pages(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("page-token")
        tokens.append(token)
        number = int(token or 0)
        reference = {"name": f"b{number}", "type": "BRANCH", "hash": "0"}
        more = {"hasMore": number < 2, "token": str(number + 1) if number < 2 else None}
        return httpx.Response(200, json={"references": [reference], **more})

    with client(pages) as nessie:
        assert [ref.name for ref in nessie.references()] == ["b0", "b1", "b2"]
    assert tokens == [None, "1", "2"]


def test_names_are_checked_before_anything_is_asked() -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(unquote(str(request.url)))

    with client(never) as nessie:
        for name in ("a/b", "main@1", "..", "", "a b"):
            with pytest.raises(LakeError, match="is no name for a branch"):
                nessie.get(name)


class Log:
    """A branch that another machine moves on; changes asked of it get no answer."""

    def __init__(self, *hashes: str) -> None:
        self.hashes = list(hashes)
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self.asked += 1
            raise httpx.ReadError("lost")
        meta = {"message": "", "commitTime": "2026-01-01T00:00:00Z", "parentCommitHashes": []}
        entries = [{"commitMeta": {**meta, "hash": one}} for one in self.hashes]
        return httpx.Response(200, json={"logEntries": entries, "hasMore": False})


@pytest.mark.parametrize(
    ("log", "to"),
    [
        (["new", "old"], "new"),  # moved, and nobody came after
        (["other", "new", "old"], "new"),  # moved, and somebody came after
        (["old", "older"], "older"),  # not moved: going back was lost on the way
        (["other", "old", "older"], "older"),  # not moved, and somebody came in between
    ],
)
def test_a_lost_move_is_settled_by_the_younger_commit(log: list[str], to: str) -> None:
    wire = Log(*log)
    start = Reference("main", "BRANCH", "old")
    with client(wire, patience=0.3) as nessie:
        if to == "new":
            assert nessie.assign(start, to).hash == to
            assert wire.asked == 1
        else:
            with pytest.raises(Unanswered):
                nessie.assign(start, to)
            assert wire.asked > 1


def test_a_move_that_a_stopped_nessie_makes_late_is_no_conflict() -> None:
    """Asked, timed out, not made; asked again, and meanwhile the first one was made."""
    moved = Log("old")

    def stopped(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or not moved.asked:
            return moved(request)
        moved.hashes.insert(0, "new")
        return httpx.Response(409, json={"message": "main is not at old"})

    with client(stopped, patience=5.0) as nessie:
        assert nessie.assign(Reference("main", "BRANCH", "old"), "new").hash == "new"


def test_a_conflict_without_any_loss_stays_one() -> None:
    start = Reference("main", "BRANCH", "old")
    with client(refusing(409, "moved"), patience=5.0) as nessie, pytest.raises(Conflict):
        nessie.assign(start, "new")


def test_a_change_carries_its_author_and_properties() -> None:
    sent: list[dict[str, object]] = []

    def merged(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"resultantTargetHash": "9"})

    branch, main = Reference("b", "BRANCH", "1"), Reference("main", "BRANCH", "2")
    with client(merged) as nessie:
        assert nessie.merge(branch, main, "all of it", {"mesh.run_id": ["r1"]}) == "9"
    assert sent[0]["fromHash"] == "1"
    assert sent[0]["commitMeta"] == {
        "message": "all of it",
        "authors": ["mesh"],
        "allProperties": {"mesh.run_id": ["r1"]},
    }

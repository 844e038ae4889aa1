"""A small client of Nessie's REST API, version 2.

Every change is made so that a lost answer can be settled: the client looks whether the change was
made before it tries again, so a merge or an assignment happens once or is reported as not known.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from mesh.core.errors import LakeError, MergeConflict
from mesh.core.settings import Lake
from mesh.lake.commits import (
    Change,
    Commit,
    Detailed,
    Kind,
    Properties,
    Reference,
    change_of,
    commit_of,
    detailed_of,
    reference_of,
)
from mesh.lake.names import reference

T = TypeVar("T")

PATIENCE_SECONDS = 20.0
"""How long the outcome of a change whose answer was lost is asked for: a restart takes about 5."""
_PAUSE_SECONDS = 0.25
_ANCESTRY = 100


class NotFound(LakeError):
    """Nessie has no such reference."""


class Conflict(LakeError):
    """A reference is there already, or is not where the caller thinks, or keys clash.

    Args:
        keys: The keys that clash, ``schema.table``.
    """

    def __init__(self, message: str, *, keys: list[str] | None = None) -> None:
        super().__init__(message)
        self.keys = keys or []


class Unanswered(LakeError):
    """Nessie did not answer, or failed inside; what was asked may have been done."""


class Nessie:
    """A connection to Nessie; use it in a ``with`` statement."""

    def __init__(
        self,
        uri: str,
        token: str | None = None,
        *,
        trust_env: bool = False,
        transport: httpx.BaseTransport | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.uri = uri
        self.patience = patience
        self._http = httpx.Client(
            base_url=f"{uri}/api/v2/",
            headers={"Authorization": f"Bearer {token}"} if token else None,
            timeout=30.0,
            trust_env=trust_env,
            transport=transport,
        )

    @classmethod
    def of(cls, lake: Lake) -> Nessie:
        """The Nessie of ``lake``; loopback is asked directly, whatever proxy is set."""
        return cls(lake.nessie_uri, lake.nessie_token, trust_env=not lake.embedded)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    # ------------------------------------------------------------------ reading

    def config(self) -> dict[str, Any]:
        """Nessie's configuration: default branch, versions, the hash before any commit."""
        return self._call("GET", "config")

    def get(self, name: str) -> Reference:
        """The reference ``name``.

        Raises:
            NotFound: There is none.
        """
        return reference_of(self._call("GET", f"trees/{reference(name)}")["reference"])

    def find(self, name: str) -> Reference | None:
        """The reference ``name``, None when there is none."""
        try:
            return self.get(name)
        except NotFound:
            return None

    def references(self) -> list[Reference]:
        """All branches and tags."""
        return [reference_of(raw) for raw in self._pages("trees", "references", {})]

    def detailed(self, kind: Kind) -> list[Detailed]:
        """All branches, or all tags, with their head commits."""
        params = {"fetch": "ALL", "filter": f"refType == '{kind}'"}
        return [detailed_of(raw) for raw in self._pages("trees", "references", params)]

    def log(self, spec: str, limit: int | None = None) -> Iterator[Commit]:
        """Commits from ``spec`` (a name, or ``@hash``) backwards along first parents."""
        params = {"max-records": str(min(limit or 100, 100))}
        pages = self._pages(f"trees/{spec}/history", "logEntries", params)
        for count, raw in enumerate(pages, start=1):
            yield commit_of(raw["commitMeta"])
            if count == limit:
                return

    def diff(self, old: str, new: str) -> list[Change]:
        """What differs from ``old`` to ``new``, each a name or ``@hash``."""
        pages = self._pages(f"trees/{old}/diff/{new}", "diffs", {})
        return sorted((change_of(raw) for raw in pages), key=lambda change: change.key)

    def entries(self, spec: str) -> dict[str, str]:
        """Every key on ``spec`` with its type of content."""
        pages = self._pages(f"trees/{spec}/entries", "entries", {})
        return {".".join(raw["name"]["elements"]): raw["type"] for raw in pages}

    def metadata(self, spec: str) -> dict[str, str]:
        """Every table and view on ``spec`` with the address of its Iceberg metadata."""
        pages = self._pages(f"trees/{spec}/entries", "entries", {"content": "true"})
        return {
            ".".join(raw["name"]["elements"]): raw["content"]["metadataLocation"]
            for raw in pages
            if "metadataLocation" in raw.get("content", {})
        }

    # ------------------------------------------------------------------ changing

    def create(self, name: str, kind: Kind, at: str) -> Reference:
        """Create branch or tag ``name`` at commit ``at``.

        Raises:
            Conflict: The name is taken.
        """
        wanted = Reference(reference(name), kind, at)

        def act() -> Reference:
            params = {"name": name, "type": kind}
            self._call("POST", "trees", params, _detached(at))
            return wanted

        return self._settle(act, lambda: wanted if self.find(name) == wanted else None)

    def delete(self, ref: Reference) -> None:
        """Delete ``ref``; one that is gone already is fine.

        Raises:
            Conflict: It is not at ``ref.hash`` any more.
        """

        def act() -> bool:
            with suppress(NotFound):
                self._call("DELETE", f"trees/{ref.spec}", {"type": ref.kind})
            return True

        self._settle(act, lambda: self.find(ref.name) is None or None)

    def assign(self, ref: Reference, to: str) -> Reference:
        """Point ``ref`` at commit ``to``: compare and set, whatever the size of the data.

        Raises:
            Conflict: It is not at ``ref.hash`` any more.
        """
        moved = Reference(ref.name, ref.kind, to)

        def act() -> Reference:
            self._call("PUT", f"trees/{ref.spec}", {"type": ref.kind}, _detached(to))
            return moved

        def outcome() -> Reference | None:
            # Somebody may have moved it on since, hence the log and not the head alone: the
            # younger of the two commits in it tells whether the move took place.
            for commit in self.log(ref.name, _ANCESTRY):
                if commit.hash in (to, ref.hash):
                    return moved if commit.hash == to else None
            return None

        return self._settle(act, outcome)

    def merge(
        self, source: Reference, onto: Reference, message: str, properties: Properties
    ) -> str:
        """Merge ``source`` into ``onto`` as one commit and return its hash.

        Args:
            source: The branch at the commit to merge.
            onto: The branch to merge into, at the commit the caller knows.
            message: The commit's message.
            properties: The commit's properties; they tell this merge from every other one.

        Raises:
            MergeConflict: Tables were changed on both sides.
        """
        payload = {
            "fromRefName": source.name,
            "fromHash": source.hash,
            "commitMeta": _meta(message, properties),
        }

        def act() -> str:
            try:
                answer = self._call("POST", f"trees/{onto.spec}/history/merge", None, payload)
            except Conflict as error:
                raise _merge_conflict(error, source.name, onto.name) from error
            return str(answer["resultantTargetHash"])

        def outcome() -> str | None:
            for commit in self.log(onto.name, _ANCESTRY):
                if commit.hash == onto.hash:
                    return None
                if commit.properties == properties:
                    return commit.hash
            return None

        return self._settle(act, outcome)

    def put_namespace(self, branch: Reference, name: str, message: str) -> None:
        """Commit an empty schema ``name`` to ``branch``.

        Raises:
            Conflict: The schema is there already.
        """
        content = {"type": "NAMESPACE", "elements": [name]}
        operation = {"type": "PUT", "key": {"elements": [name]}, "content": content}
        payload = {"commitMeta": _meta(message, {}), "operations": [operation]}
        self._call("POST", f"trees/{branch.spec}/history/commit", None, payload)

    # ------------------------------------------------------------------ plumbing

    def _settle(self, act: Callable[[], T], outcome: Callable[[], T | None]) -> T:
        """Run ``act``; when its answer is lost, ask ``outcome`` before trying again."""
        lost_at: float | None = None
        while True:
            try:
                done = None if lost_at is None else outcome()
                return act() if done is None else done
            except Conflict:
                # A stopped Nessie goes on with what nobody waits for any more, also between
                # our looking and our trying again.
                late = None if lost_at is None else outcome()
                if late is None:
                    raise
                return late
            except Unanswered:
                now = time.monotonic()
                lost_at = lost_at or now
                if now - lost_at > self.patience:
                    raise
                time.sleep(_PAUSE_SECONDS)

    def _pages(self, path: str, field: str, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        token: str | None = None
        while True:
            page = self._call("GET", path, {**params, "page-token": token} if token else params)
            yield from page[field]
            token = page.get("token")
            if not page.get("hasMore") or not token:
                return

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, params=params, json=payload)
        except httpx.TransportError as error:
            raise Unanswered(
                f"Nessie at {self.uri} did not answer: {error}",
                hint="see `./mesh status` and `./mesh logs nessie`",
            ) from error
        if answer.is_success:
            found: dict[str, Any] = answer.json() if answer.content else {}
            return found
        raise _refusal(answer, f"{method} {path}")


def _refusal(answer: httpx.Response, asked: str) -> LakeError:
    try:
        body = answer.json()
    except ValueError:
        # Not Nessie's: something in between answered.
        text = answer.text[:200] or answer.reason_phrase
        body = {"message": f"{answer.status_code} {text}"}
    said = str(body.get("message"))
    message = f"Nessie refused {asked}: {said}"
    if answer.status_code == 409:
        # The details of the error also list keys that only one side changed (0.99.0).
        _, _, clashing = said.partition("changed in conflict:")
        return Conflict(message, keys=sorted(re.findall(r"'([^']+)'", clashing)))
    if answer.status_code == 404:
        return NotFound(message)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return LakeError(
            message,
            hint="an external lake takes MESH_NESSIE_TOKEN; `./mesh up` sets that of the own one",
        )
    return Unanswered(message) if answer.is_server_error else LakeError(message)


def _merge_conflict(error: Conflict, source: str, onto: str) -> MergeConflict:
    return MergeConflict(
        f"{source} and {onto} both changed {', '.join(error.keys) or 'something'}",
        tables=error.keys,
        hint="build again: a new branch starts from what is published now",
    )


def _detached(commit: str) -> dict[str, str]:
    return {"type": "DETACHED", "hash": commit}


def _meta(message: str, properties: Properties) -> dict[str, Any]:
    return {"message": message, "authors": ["mesh"], "allProperties": dict(properties)}

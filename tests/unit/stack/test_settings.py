"""Ports, heaps, secrets, certificates, rendered files: what a start is made of."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mesh.core import secrets as secrets_module
from mesh.core import toolenv
from mesh.core.errors import StackError
from mesh.core.secrets import DOMAINS, Secrets, secrets
from mesh.stack import memory, ports, purge, record, services
from mesh.stack.memory import Heap, heap, heap_for, parse_size
from mesh.stack.process import Running
from mesh.stack.record import Record, Started
from mesh.stack.tls import Tls, ensure_tls, write_bundle

GB = 1 << 30


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MESH_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


class TestPorts:
    def test_they_stay_the_same_while_free(self) -> None:
        first = ports.choose(["a", "b"], {})
        assert ports.choose(["a", "b"], first) == first
        assert len(set(first.values())) == 2
        assert all(port in ports.RANGE for port in first.values())

    @pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - it is the point
    def test_a_taken_one_is_replaced(self, address: str) -> None:
        with socket.create_server((address, 0)) as taken:
            port = taken.getsockname()[1]
            assert not ports.is_free(port)
            chosen = ports.choose(["a", "b"], {"a": port})
            assert port not in chosen.values()

    def test_one_that_its_own_process_holds_is_kept(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
            assert ports.choose(["a"], {"a": port}, held=["a"]) == {"a": port}

    def test_two_names_never_share_one(self) -> None:
        port = ports.choose(["a"], {})["a"]
        chosen = ports.choose(["a", "b"], {"a": port, "b": port})
        assert chosen["a"] == port != chosen["b"]


class TestMemory:
    @pytest.mark.parametrize(
        ("machine", "expected"),
        [
            (4 * GB, Heap(trino=1536, nessie=256, s3=192)),
            (8 * GB, Heap(trino=2048, nessie=409, s3=256)),
            (24 * GB, Heap(trino=4096, nessie=512, s3=256)),
        ],
    )
    def test_heaps_follow_the_machine(self, machine: int, expected: Heap) -> None:
        assert heap_for(machine) == expected
        total = expected.trino + expected.nessie + expected.s3
        assert total < machine / 2**20 / 2

    def test_a_variable_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MESH_TRINO_HEAP", "3G")
        assert heap().trino == 3072

    def test_a_variable_that_is_no_size_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MESH_TRINO_HEAP", "lots")
        with pytest.raises(StackError, match="MESH_TRINO_HEAP is 'lots'"):
            heap()

    @pytest.mark.parametrize(("text", "size"), [("512m", 512), ("2GB", 2048), ("3", None)])
    def test_sizes(self, text: str, size: int | None) -> None:
        assert parse_size(text) == size

    def test_a_control_group_limits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "limit").write_text("1000000\n")
        (tmp_path / "none").write_text("max\n")
        limits = (tmp_path / "limit", tmp_path / "none", tmp_path / "absent")
        monkeypatch.setattr(memory, "CGROUP_LIMITS", limits)
        assert memory.machine_memory() == 1_000_000


class TestSecrets:
    def test_they_are_generated_once_and_private(self, state: Path) -> None:
        first = secrets()
        assert secrets() == first
        assert (state / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert set(first.pseudonym_keys) == set(DOMAINS)
        assert len({first.pseudonym_key(domain) for domain in DOMAINS}) == len(DOMAINS)
        assert all(len(first.pseudonym_key(domain)) == 32 for domain in DOMAINS)

    def test_callers_at_the_same_time_get_the_same(self, state: Path) -> None:
        found: list[Secrets] = []
        threads = [threading.Thread(target=lambda: found.append(secrets())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert all(one == found[0] for one in found)

    def test_a_new_domain_gets_a_key_and_the_others_keep_theirs(
        self, state: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = secrets()
        monkeypatch.setattr(secrets_module, "DOMAINS", (*DOMAINS, "research"))
        after = secrets()
        assert after.pseudonym_key("research")
        assert {d: after.pseudonym_keys[d] for d in DOMAINS} == before.pseudonym_keys

    def test_secrets_of_an_older_version_get_a_token_and_keep_the_rest(self, state: Path) -> None:
        before = secrets()
        file = state / "secrets.json"
        raw = json.loads(file.read_text())
        file.write_text(json.dumps({k: v for k, v in raw.items() if not k.startswith("nessie")}))
        after = secrets()
        assert after.nessie_token
        assert after.nessie_token != before.nessie_token
        kept = {"nessie_token": "", "nessie_public_key": ""}
        assert replace(after, **kept) == replace(before, **kept)
        assert secrets() == after

    def test_mounted_keys_replace_the_own_ones_and_are_only_read(
        self, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = secrets()
        mounted = tmp_path / "mounted.json"
        keys = {domain: f"{number:064x}" for number, domain in enumerate(DOMAINS)}
        mounted.write_text(json.dumps({"pseudonym_keys": keys}))
        mounted.chmod(0o400)
        monkeypatch.setenv("MESH_SECRETS_FILE", str(mounted))
        assert secrets().pseudonym_keys == keys
        assert secrets().trino_password == own.trino_password
        assert json.loads((state / "secrets.json").read_text())["pseudonym_keys"] != keys

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{}", "cannot be read"),
            ('{"pseudonym_keys": {"patients": "no hex"}}', "cannot be read"),
            ('{"pseudonym_keys": {}}', "no proper key for analytics, fintech"),
        ],
    )
    def test_mounted_keys_that_are_not_complete_are_refused(
        self,
        state: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        text: str,
        message: str,
    ) -> None:
        (tmp_path / "mounted.json").write_text(text)
        monkeypatch.setenv("MESH_SECRETS_FILE", str(tmp_path / "mounted.json"))
        with pytest.raises(StackError, match=message) as caught:
            secrets()
        assert "no hex" not in str(caught.value)

    def test_they_do_not_print(self, state: Path) -> None:
        assert secrets().trino_password not in f"{secrets()!r} {secrets()}"

    def test_a_damaged_file_is_never_replaced(self, state: Path) -> None:
        (state / "secrets.json").write_text("{")
        with pytest.raises(StackError, match="secrets cannot be read"):
            secrets()
        assert (state / "secrets.json").read_text() == "{"


class TestTls:
    def test_a_client_that_trusts_the_authority_can_connect(self, tmp_path: Path) -> None:
        tls = ensure_tls(tmp_path / "tls")
        assert greet(tls, tls.ca, "127.0.0.1") == b"hello"
        assert greet(tls, tls.ca, "localhost") == b"hello"
        write_bundle(tls, None)
        assert greet(tls, tls.bundle, "127.0.0.1") == b"hello"

    def test_another_name_or_another_authority_is_refused(self, tmp_path: Path) -> None:
        tls = ensure_tls(tmp_path / "tls")
        other = ensure_tls(tmp_path / "other")
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            greet(tls, tls.ca, "127.0.0.2")
        with pytest.raises(ssl.SSLCertVerificationError):
            greet(tls, other.ca, "127.0.0.1")

    def test_it_is_kept_and_private(self, tmp_path: Path) -> None:
        first = ensure_tls(tmp_path / "tls").server.read_bytes()
        assert ensure_tls(tmp_path / "tls").server.read_bytes() == first
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "tls").iterdir()}
        assert modes == {0o600}

    def test_the_bundle_holds_what_the_environment_named(self, tmp_path: Path) -> None:
        tls = ensure_tls(tmp_path / "tls")
        company = ensure_tls(tmp_path / "company").ca
        write_bundle(tls, str(company))
        text = tls.bundle.read_text()
        assert company.read_text().strip() in text
        assert tls.ca.read_text().strip() in text


def greet(tls: Tls, trusted: Path, name: str) -> bytes:
    """Serve one TLS connection with the certificate and read its greeting as ``name``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.server)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        secure.sendall(b"hello")
                except OSError:
                    return  # the client did not like the certificate

        thread = threading.Thread(target=serve)
        thread.start()
        trust = ssl.create_default_context(cafile=str(trusted))
        try:
            with (
                socket.create_connection(listener.getsockname()) as plain,
                trust.wrap_socket(plain, server_hostname=name) as secure,
            ):
                return secure.recv(10)
        finally:
            thread.join()


class TestRecord:
    def test_it_is_read_as_it_was_written(self, state: Path) -> None:
        whole = Record({"s3": 1}, {"s3": Started(Running(12, 3.5), "abc", "/log")}, standing=True)
        whole.save()
        assert record.load_record() == whole
        assert (state / "stack.json").stat().st_mode & 0o777 == 0o600

    def test_a_change_of_services_means_the_lake_is_laid_out_again(self) -> None:
        one = Started(Running(12, 3.5), "abc", "/log")
        whole = Record({}, {"s3": one}, standing=True)
        assert not whole.with_service("nessie", one).standing
        assert not whole.without({"s3"}).standing

    @pytest.mark.parametrize("text", ["", "[]", '{"services": 1, "ports": {}}'])
    def test_a_damaged_one_is_named(self, state: Path, text: str) -> None:
        (state / "stack.json").write_text(text)
        with pytest.raises(StackError, match="record of started processes"):
            record.load_record()


class TestRendering:
    def context(self, state: Path) -> services.Context:
        return services.Context(
            state=state,
            ports={"s3": 1001, "nessie": 1002, "nessie_management": 1003, "trino": 1004},
            secrets=secrets(),
            tls=Tls(state / "tls/server.pem", state / "tls/ca.pem", state / "tls/bundle.pem"),
            heap=Heap(2048, 400, 256),
            java=Path("/java"),
        )

    @pytest.mark.parametrize(
        "name",
        ["s3/s3proxy.conf", "nessie/application.properties", "trino/config.properties"],
    )
    def test_every_address_is_loopback_and_the_file_private(self, state: Path, name: str) -> None:
        path = services.render(self.context(state), name, trino_home="/trino")
        text = path.read_text()
        assert "127.0.0.1" in text
        assert "0.0.0.0" not in text  # noqa: S104 - that is what it looks for
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("text", [None, "{", '{"catalogs": []}'])
    def test_nothing_is_handed_to_trino_without_sound_access_rules(
        self, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
    ) -> None:
        if text is not None:
            path = tmp_path / "platform" / "rendered" / "trino" / "rules.json"
            path.parent.mkdir(parents=True)
            path.write_text(text)
        monkeypatch.setattr(services, "ROOT", tmp_path)
        with pytest.raises(StackError, match="access rules"):
            services._install_access(self.context(state))
        assert not (state / "etc" / "trino" / "password.db").exists()

    def test_nessie_gets_the_public_key_and_not_the_token(self, state: Path) -> None:
        text = services.render(self.context(state), "nessie/application.properties").read_text()
        assert f"quarkus.oidc.public-key={secrets().nessie_public_key}\n" in text
        assert secrets().nessie_token not in text

    def test_a_name_that_is_not_given_is_an_error(self, state: Path) -> None:
        with pytest.raises(StackError, match="trino_home"):
            services.render(self.context(state), "trino/config.properties")


class TestToolVariables:
    RECORDED = {  # noqa: RUF012 - read only
        "MESH_DEV_PORT": "2",
        "REQUESTS_CA_BUNDLE": "/new",
        "MESH_CA_BUNDLE_BEFORE": "/company",
    }

    def test_a_variable_that_is_set_is_left_alone(self) -> None:
        found = toolenv.to_set(self.RECORDED, {"MESH_DEV_PORT": "7"}, {})
        assert "MESH_DEV_PORT" not in found

    def test_one_that_was_set_from_here_follows_the_stack(self) -> None:
        found = toolenv.to_set(self.RECORDED, {"MESH_DEV_PORT": "1"}, {"MESH_DEV_PORT": "1"})
        assert found["MESH_DEV_PORT"] == "2"

    @pytest.mark.parametrize(
        ("now", "replaced"), [("/company", True), ("/other", False), ("/new", False)]
    )
    def test_the_bundle_is_replaced_by_one_that_holds_it(self, now: str, replaced: bool) -> None:
        found = toolenv.to_set(self.RECORDED, {"REQUESTS_CA_BUNDLE": now}, {})
        assert ("REQUESTS_CA_BUNDLE" in found) == replaced

    def test_no_stack_means_nothing_to_set(self, state: Path) -> None:
        assert toolenv.recorded() == {}
        (state / "dbt.env").write_text("not json")
        assert toolenv.recorded() == {}


def test_purge_deletes_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    for name in (*purge.OWNED, "thesis.doc"):
        (tmp_path / name).write_text("x")
    (tmp_path / "data").unlink()
    (tmp_path / "data" / "s3").mkdir(parents=True)
    purge.purge_state(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]

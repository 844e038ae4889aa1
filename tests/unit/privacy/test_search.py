from __future__ import annotations

import base64
import gzip
import hashlib
import zipfile
from pathlib import Path
from urllib.parse import quote

import fastavro
import pyarrow as pa
import pytest
from pyarrow import parquet

from mesh.privacy import search as search_module
from mesh.privacy.needles import forms, key_forms
from mesh.privacy.search import Hit, Searcher

VALUE = "Zyxwona Straße 17"
PLAIN = "999-84-1127"


def found(folder: Path, **values: str) -> list[Hit]:
    return list(Searcher(values or {"ssn": PLAIN}).folders([folder]))


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        PLAIN[::-1],
        PLAIN.encode().hex(),
        PLAIN.encode().hex().upper(),
        base64.b64encode(PLAIN.encode()).decode(),
        base64.b64encode(b"x" + PLAIN.encode() + b"yz").decode(),
        base64.b64encode(b"xy" + PLAIN.encode() + b"z").decode(),
        hashlib.md5(PLAIN.encode()).hexdigest(),
        hashlib.sha1(PLAIN.encode()).hexdigest(),
        hashlib.sha256(PLAIN.encode()).hexdigest().upper(),
        base64.b64encode(hashlib.sha256(PLAIN.encode()).digest()).decode(),
    ],
)
def test_a_value_is_found_in_every_form(tmp_path: Path, written: str) -> None:
    (tmp_path / "file").write_text(f"before{written}after")
    assert {hit.name for hit in found(tmp_path)} == {"ssn"}


@pytest.mark.parametrize(
    "written", [VALUE.upper(), VALUE.lower(), quote(VALUE, safe=""), VALUE.encode("utf-16-le")]
)
def test_letters_of_any_case_and_coding_are_found(tmp_path: Path, written: str | bytes) -> None:
    data = written if isinstance(written, bytes) else written.encode()
    (tmp_path / "file").write_bytes(b"..." + data)
    assert found(tmp_path, address=VALUE)


def test_what_only_looks_alike_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("999-84-1128 999841127 " + hashlib.sha256(b"other").hexdigest())
    assert found(tmp_path) == []


def test_a_column_of_parquet_is_read_whatever_it_is_nested_in(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "plain": ["a"] * 1000 + [PLAIN],
            "list": [["a"]] * 1000 + [["b", PLAIN]],
            "struct": [{"x": {"y": "a"}}] * 1000 + [{"x": {"y": PLAIN}}],
            "bytes": [b"a"] * 1000 + [PLAIN.encode()],
        }
    )
    parquet.write_table(rows, tmp_path / "a.parquet", compression="zstd", write_statistics=False)
    hits = found(tmp_path)
    assert {hit.inside for hit in hits} - {""} == {f"column {name}" for name in rows.column_names}


def test_the_statistics_of_parquet_are_read(tmp_path: Path) -> None:
    """The value is gone from the rows, but the file still says it was the greatest."""
    parquet.write_table(pa.table({"c": [PLAIN]}), tmp_path / "a.parquet", compression="zstd")
    assert "" in {hit.inside for hit in found(tmp_path)}


def test_the_bounds_in_a_manifest_are_read(tmp_path: Path) -> None:
    schema = {
        "type": "record",
        "name": "entry",
        "fields": [{"name": "bounds", "type": {"type": "map", "values": "bytes"}}],
    }
    with (tmp_path / "m.avro").open("wb") as stream:
        records = [{"bounds": {"1": PLAIN.encode() * 3}}] * 50
        fastavro.writer(stream, schema, records, codec="deflate")
    assert "record" in {hit.inside for hit in found(tmp_path)}


def test_archives_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 99 + PLAIN.encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("in.gz", gzip.compress(b"y" * 99 + PLAIN.encode()))
    assert {Path(hit.path).name for hit in found(tmp_path)} == {"a.gz", "b.zip"}


def test_a_value_over_the_border_of_two_chunks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_CHUNK", 100)
    (tmp_path / "file").write_text("x" * 95 + PLAIN + "y" * 300)
    assert found(tmp_path)


def test_the_name_of_a_file_is_searched_too(tmp_path: Path) -> None:
    (tmp_path / f"{PLAIN}.txt").touch()
    assert [hit.inside for hit in found(tmp_path)] == ["the name"]


def test_a_broken_file_is_searched_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + PLAIN.encode())
    (tmp_path / "b.gz").write_bytes(b"\x1f\x8b" + PLAIN.encode())
    (tmp_path / "c.avro").write_bytes(b"Obj\x01" + PLAIN.encode())
    assert {Path(hit.path).name for hit in found(tmp_path)} == {"a.parquet", "b.gz", "c.avro"}


def test_a_report_never_holds_the_value(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(PLAIN)
    [hit] = found(tmp_path)
    assert PLAIN not in repr(hit)


def test_a_short_value_is_refused() -> None:
    with pytest.raises(ValueError, match="by chance"):
        forms("1234")


KEY = hashlib.sha256(b"a planted key").digest()
OTHER = hashlib.sha256(b"another key").hexdigest()


@pytest.mark.parametrize(
    "written",
    [
        KEY.hex().upper(),
        KEY.hex(" "),
        KEY.hex(":", 4).upper(),
        " ".join(KEY.hex()),
        "\\x" + "\\x".join(f"{each:02x}" for each in KEY),
        ", ".join(f"0x{each:02x}" for each in KEY),
        str(list(KEY)),
        str([each - 256 if each > 127 else each for each in KEY]),
        KEY.hex()[::-1],
        KEY[::-1].hex(),
        KEY.hex(" ")[::-1],
        base64.b64encode(KEY).decode(),
        base64.b64encode(b"xy" + KEY).decode(),
        base64.urlsafe_b64encode(b"x" + KEY).decode(),
        base64.b64encode(KEY).decode()[::-1],
        base64.b64encode(KEY.hex().encode()).decode(),
        base64.b32encode(KEY).decode(),
        base64.b85encode(KEY).decode(),
        quote(KEY, safe=""),
        "".join(f"%{each:02x}" for each in KEY),
        KEY.hex().encode().hex(),
        hashlib.sha256(KEY.hex().encode()).hexdigest(),
        KEY,
        KEY[::-1],
    ],
)
def test_a_key_is_found_spaced_out_encoded_and_backwards(
    tmp_path: Path, written: str | bytes
) -> None:
    data = written if isinstance(written, bytes) else written.encode()
    (tmp_path / "file").write_bytes(b"select 1 -- " + data + b" and so on")
    assert list(Searcher({"key": KEY.hex()}, key_forms).folders([tmp_path]))
    assert list(Searcher({"other": OTHER}, key_forms).folders([tmp_path])) == []

"""What a build made, in numbers: stored with the release, shown at the end of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mesh.build.manifest import Manifest, ManifestError, RunResults, Source
from mesh.core.settings import Lake

if TYPE_CHECKING:
    from mesh.landing.land import Landed

QUARANTINE = "__quarantined_rows"
"""How the names of the models end that hold a domain's rejected rows."""


@dataclass(frozen=True)
class Product:
    """A data product and its number of rows."""

    domain: str
    name: str
    table: str
    rows: int


@dataclass(frozen=True)
class Arrival:
    """What a domain holds: all rows ever landed, of these the new ones and those in quarantine.

    ``rejected`` counts every row in quarantine, also one that a later batch corrected, so that it
    is a part of ``rows``; how many a build may have looks at the latest batch alone.
    """

    domain: str
    tables: int
    rows: int
    new_rows: int
    rejected: int


@dataclass(frozen=True)
class Verdicts:
    """How many data tests had which outcome; ``not_run`` are those after a failure."""

    passed: int
    warned: int
    failed: int
    not_run: int


@dataclass(frozen=True)
class Summary:
    """A build in numbers.

    ``fingerprint`` stands for everything but the input that a build depends on, ``logic`` for the
    part of it that decides what rows look like. ``input`` says in words where the last batch came
    from, ``as_of_date`` is the day ages are counted from.
    """

    run_id: str
    fingerprint: str
    logic: str
    input: str
    as_of_date: str
    elementary: bool
    models: int
    products: tuple[Product, ...]
    arrivals: tuple[Arrival, ...]
    tests: Verdicts

    def to_json(self) -> str:
        """As the file that is stored with the release."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Summary:
        """From that file.

        Raises:
            ManifestError: It was written by another version.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            products = tuple(Product(**each) for each in raw.pop("products"))
            arrivals = tuple(Arrival(**each) for each in raw.pop("arrivals"))
            tests = Verdicts(**raw.pop("tests"))
            return cls(products=products, arrivals=arrivals, tests=tests, **raw)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestError(f"summary.json is of another version: {error!r}") from error


def count_tests(results: RunResults) -> Verdicts:
    """The outcomes of the data tests of an invocation."""
    found = [result.status for result in results.results if result.kind == "test"]
    passed, warned, skipped = (found.count(word) for word in ("pass", "warn", "skipped"))
    return Verdicts(passed, warned, len(found) - passed - warned - skipped, skipped)


def counting_query(catalog: str, tables: Iterable[str]) -> str:
    """One statement that gives the rows of every table, as (``schema.table``, count).

    Iceberg answers an unfiltered count from its metadata, so size does not matter.
    """
    return "\nunion all\n".join(
        f"select '{table}', count(*) from {quoted(catalog, table)}"  # noqa: S608  # dbt's names
        for table in sorted(tables)
    )


def quoted(catalog: str, table: str) -> str:
    """``schema.table`` with its catalog, quoted for SQL."""
    return ".".join(f'"{part}"' for part in (catalog, *table.split(".")))


def counted_tables(manifest: Manifest) -> set[str]:
    """The tables whose rows a summary names: products, landed tables, quarantines."""
    quarantines = (m.relation for m in manifest.models if m.name.endswith(QUARANTINE))
    landed = (source.relation for source in landed_tables(manifest))
    return {*(product.relation for product in manifest.products), *quarantines, *landed}


def landed_tables(manifest: Manifest) -> tuple[Source, ...]:
    """The sources that hold landed files; the vault of keys is a source too, but no file."""
    return tuple(s for s in manifest.sources.values() if s.schema == f"{s.domain}_landing")


def count_rows(lake: Lake, catalog: str, tables: Iterable[str]) -> dict[str, int]:
    """The rows of each table, as one statement.

    Raises:
        LakeError: A table is missing.
    """
    from mesh.lake.trino import query

    statement = counting_query(catalog, tables)
    return {str(name): int(rows) for name, rows in query(lake, statement)} if statement else {}


def products_of(manifest: Manifest, rows: Mapping[str, int]) -> tuple[Product, ...]:
    """The products with their rows, by domain and name."""
    return tuple(
        Product(each.domain, each.label, each.relation, rows[each.relation])
        for each in manifest.products
    )


def arrivals_of(
    manifest: Manifest, rows: Mapping[str, int], landed: Sequence[Landed]
) -> tuple[Arrival, ...]:
    """Per domain that has sources what arrived and what was rejected."""
    found = []
    for domain in sorted({source.domain for source in landed_tables(manifest)}):
        tables = [s.relation for s in landed_tables(manifest) if s.domain == domain]
        quarantines = [
            model.relation
            for model in manifest.models
            if model.domain == domain and model.name.endswith(QUARANTINE)
        ]
        fresh = [one for one in landed if one.domain == domain and not one.skipped]
        found.append(
            Arrival(
                domain=domain,
                tables=len(tables),
                rows=sum(rows[table] for table in tables),
                new_rows=sum(one.rows for one in fresh),
                rejected=sum(rows[table] for table in quarantines),
            )
        )
    return tuple(found)

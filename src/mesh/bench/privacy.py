"""How long `mesh check privacy` takes on projects of many models, cold and once more."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mesh.bench.child import environment
from mesh.bench.figure import Figure
from mesh.build.manifest import MANIFEST_SCHEMA
from mesh.core.console import info
from mesh.core.errors import MeshError

SIZES = {500: 5.0, 5000: 60.0}
"""Models, and the seconds that they may take cold, with the start of the command."""
AGAIN = 10.0
"""Seconds that the largest may take once nothing, or one file, has changed."""

COLUMNS = {
    "person_id": "direct",
    "email": "direct",
    "zip_code": "quasi",
    "birth_date": "quasi",
    "region": "none",
    "status": "none",
    "salary": "sensitive",
    "diagnosis": "sensitive",
    "notes": "free_text",
    "department": "none",
    "created_at": "technical",
    "gender": "quasi",
}
NEAR = 300
"""How far back a model reads at most, so that the graph is deep and not only wide."""


EVERY = 1000
"""One model in so many leaks."""


def manifest(models: int, every: int = EVERY) -> dict[str, Any]:
    """A manifest of that many models in three layers; one mart in `every` models leaks."""
    source = {
        "unique_id": "source.shop.crm.people",
        "resource_type": "source",
        "package_name": "shop",
        "source_name": "crm",
        "name": "people",
        "identifier": "people",
        "database": "lake",
        "schema": "crm",
        "original_file_path": "models/staging/_crm.yml",
        "columns": {
            name: {"name": name, "meta": {"privacy": {"class": cls}}}
            for name, cls in COLUMNS.items()
        },
    }
    nodes = {node["unique_id"]: node for node in _nodes(models, every)}
    return {
        "metadata": {"project_name": "shop", "dbt_schema_version": MANIFEST_SCHEMA},
        "nodes": nodes,
        "sources": {source["unique_id"]: source},
        "macros": {},
    }


def planted(models: int, every: int = EVERY) -> int:
    """How many marts leak in the manifest of that many models."""
    return sum(_leaks(number, models, every) for number in range(models))


def _leaks(number: int, models: int, every: int) -> bool:
    return number >= 0.8 * models and (number + 1) % every == 0


def _nodes(models: int, every: int) -> Iterator[dict[str, Any]]:
    pick = random.Random(1)  # noqa: S311  # the same project every time
    for number in range(models):
        end = max(1, min(number, int(0.8 * models)))  # marts read no marts
        reads = [pick.randrange(max(0, end - NEAR), end) for _ in range(2)]
        if number < 0.3 * models:
            yield _node(number, "staging", "table", _staging(), [])
        elif number < 0.8 * models:
            yield _node(number, "intermediate", "incremental", _intermediate(*reads), reads)
        else:
            code = _mart(*reads, leaks=_leaks(number, models, every))
            yield _node(number, "marts", "table", code, reads)


def _node(number: int, layer: str, kind: str, code: str, reads: list[int]) -> dict[str, Any]:
    needed = [f"model.shop.m{each}" for each in reads] or ["source.shop.crm.people"]
    return {
        "unique_id": f"model.shop.m{number}",
        "resource_type": "model",
        "package_name": "shop",
        "name": f"m{number}",
        "alias": f"m{number}",
        "database": "lake",
        "schema": "analytics",
        "original_file_path": f"models/{layer}/m{number}.sql",
        "raw_code": code,
        "language": "sql",
        "columns": {},
        "config": {"materialized": kind},
        "depends_on": {"nodes": needed, "macros": []},
    }


def _listed(expressions: Iterator[str]) -> str:
    return ",\n        ".join(f"{each} as c{place}" for place, each in enumerate(expressions))


def _staging() -> str:
    made = (f"lower({n})" if i % 3 == 0 else n for i, n in enumerate(COLUMNS))
    return (  # nothing runs it
        "with source as (\n    select * from {{ source('crm', 'people') }}\n),\n"
        f"final as (\n    select\n        {_listed(made)}\n    from source\n)\nselect * from final"
    )


def _intermediate(left: int, right: int) -> str:
    newer = "and ranked.c10 > (select max(c10) from {{ this }})"
    made = (
        f"case when ranked.c4 = 'x' then ranked.c{i} else coalesce(b.c{i}, ranked.c{i}) end"
        for i in range(len(COLUMNS))
    )
    return (
        f"with a as (select * from {{{{ ref('m{left}') }}}}),\n"
        f"b as (select * from {{{{ ref('m{right}') }}}}),\n"
        "ranked as (select a.*, row_number() over (partition by c0 order by c10) as place\n"
        "from a),\n"
        f"final as (\n    select\n        {_listed(made)}\n    from ranked\n"
        "    left join b on ranked.c0 = b.c0\n    where ranked.place = 1\n"
        f"    {{% if is_incremental() %}} {newer} {{% endif %}}\n"
        ")\nselect * from final"
    )


def _mart(left: int, right: int, *, leaks: bool) -> str:
    shown = {4, 5, 9, 10} | ({0} if leaks else set())
    made = (f"a.c{i}" if i in shown else f"count(distinct a.c{i})" for i in range(len(COLUMNS)))
    keys = ", ".join(f"a.c{i}" for i in sorted(shown))
    return (
        f"with a as (select * from {{{{ ref('m{left}') }}}}),\n"
        f"b as (select * from {{{{ ref('m{right}') }}}}),\n"
        f"final as (\n    select\n        {_listed(made)}\n    from a\n"
        f"    left join b on a.c0 = b.c0 and a.c4 = b.c4\n    group by {keys}\n)\n"
        "select * from final"
    )


def taint(rounds: int) -> list[Figure]:
    """The check on generated projects: cold for both sizes, and the larger one once more."""
    cold: dict[int, list[float]] = {size: [] for size in SIZES}
    again: list[float] = []
    for number in range(rounds):
        for size in SIZES:
            with TemporaryDirectory() as place:
                path = Path(place) / "manifest.json"
                raw = manifest(size)
                path.write_text(json.dumps(raw))
                leaks = planted(size)
                cold[size].append(seconds_of(path, leaks))
                if size == max(SIZES):
                    raw["nodes"]["model.shop.m7"]["raw_code"] += "\n"
                    path.write_text(json.dumps(raw))
                    again.append(seconds_of(path, leaks))
        info(f"    taint {number + 1}: " + ", ".join(f"{s[-1]:.1f} s" for s in cold.values()))
    what = "mesh check privacy of {} models from their manifest, nothing kept from before"
    once_more = "the larger one after a change of one file"
    return [
        *(
            Figure(f"taint {size}", what.format(size), "s", SIZES[size], tuple(taken), {})
            for size, taken in cold.items()
        ),
        Figure("taint again", once_more, "s", AGAIN, tuple(again), {}),
    ]


def seconds_of(path: Path, leaks: int) -> float:
    """Wall time of the command, its start included; what it keeps lies beside the manifest.

    Args:
        path: The manifest.
        leaks: How many it holds, each of which has to be found, and nothing else.

    Raises:
        MeshError: The check did not run through, or found something else.
    """
    command = [sys.executable, "-m", "mesh", "check", "privacy", "--manifest", str(path)]
    command += ["--format", "json"]
    own = environment(MESH_HOME=str(path.parent / "home"))
    began = time.monotonic()
    done = subprocess.run(command, env=own, capture_output=True, check=False, text=True)
    seconds = time.monotonic() - began
    # A traceback of Python ends with 1 too, so the code alone tells nothing.
    expected = 1 if leaks else 0
    try:
        found = [(each["code"], each["column"]) for each in json.loads(done.stdout)]
    except (ValueError, TypeError, KeyError):
        found = None
    if done.returncode != expected or found != [("PRIV003", "c0")] * leaks:
        told = "no findings in JSON" if found is None else f"{len(found)} findings"
        last = (done.stderr.strip().splitlines() or ["nothing on standard error"])[-1]
        raise MeshError(
            f"the check ended with {done.returncode} and {told}: {last}",
            where=str(path),
            expected=f"{expected} and {leaks} findings PRIV003 of c0",
        )
    return seconds

"""A sample query is read to its end: the client of Trino, and a server that sends its pages."""

from __future__ import annotations

import json
from dataclasses import replace

from mesh.build.samples import ask_as_service
from mesh.site.samples import Answer
from tests.unit.contracts.made import contract
from tests.unit.lake.servers import serving
from tests.unit.lake.test_trino import LAKE

PAGE = 700
"""Rows of a page."""
FAULT = {"message": "Division by zero", "errorName": "DIVISION_BY_ZERO", "errorCode": 8,
         "errorType": "USER_ERROR"}  # fmt: skip


def asked(pages: int, error: dict[str, object] | None = None) -> Answer:
    """The answer where Trino sends so many pages of rows, and then perhaps an error."""

    def reply(method: str, path: str) -> tuple[int, str]:
        if method == "DELETE":
            return 204, ""
        page = int(path.rpartition("/")[2]) if path.rpartition("/")[2].isdigit() else 0
        sent: dict[str, object] = {"id": "q", "infoUri": "", "stats": {"state": "RUNNING"}}
        sent["columns"] = [{"name": "n", "type": "bigint",
                            "typeSignature": {"rawType": "bigint", "arguments": []}}]  # fmt: skip
        if page <= pages:
            sent["data"] = [[4711]] * PAGE if page else []
            sent["nextUri"] = f"http://127.0.0.1:{port}/v1/statement/executing/{page + 1}"
        elif error:
            sent["error"] = error
        return 200, json.dumps(sent)

    query = {"name": "q", "question": "?", "role": "analyst", "sql": "select 1"}
    one = contract(
        lambda raw: raw["customProperties"].append({"property": "sampleQueries", "value": [query]})
    )
    with serving(reply) as port:
        lake = replace(LAKE, trino_port=port, trino_scheme="http", trino_password=None)
        [answer] = ask_as_service(lake, [one], "lake").values()
    return answer


def test_a_fault_after_a_thousand_rows_is_one() -> None:
    answer = asked(3, FAULT)
    assert answer.fault.startswith("DIVISION_BY_ZERO")
    assert answer.rows == ""


def test_rows_are_counted_and_no_value_is_kept() -> None:
    answer = asked(3)
    assert (answer.rows, answer.fault) == ("more than 1,000 rows", "")
    assert answer.columns == (("n", "bigint"),)
    assert "4711" not in str(answer)
    assert asked(1).rows == "101 to 1,000 rows"
    assert asked(0).rows == "no rows"

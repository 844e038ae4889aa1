"""Each kind of bad contract is caught by its code, at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mesh.contracts import standard
from mesh.contracts.finding import errors
from mesh.contracts.lint import lint_files
from mesh.contracts.project import contract_files, read_contracts
from mesh.core.paths import ROOT
from tests.unit.contracts.made import Raw, base, column, contract, found, text

Bad = tuple[Callable[[dict[str, Any]], object], str, str]


def _columns(raw: dict[str, Any]) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = raw["schema"][0]["properties"]
    return columns


BAD: dict[str, Bad] = {
    "unknown field": (lambda r: r.update(statuss="active"), "C201", "statuss"),
    "unknown field of a column": (
        lambda r: column(r, "claim_id").update(requird=True), "C201", "requird",
    ),
    "field of the later standard": (lambda r: r.update(contractStatus="x"), "C201", "contract"),
    "missing version": (lambda r: r.pop("version"), "C203", ""),
    "missing status": (lambda r: r.pop("status"), "C203", ""),
    "other kind": (lambda r: r.update(kind="DataProduct"), "C203", "kind"),
    "text for a list": (lambda r: r.update(roles="analyst"), "C203", "roles"),
    "text for a boolean": (
        lambda r: column(r, "claim_id").update(required="yes please"), "C203", "required",
    ),
    "column without a name": (lambda r: column(r, "claim_id").pop("name"), "C203", "properties[0]"),
    "number for the element of a level": (
        lambda r: r["slaProperties"][0].update(element=7), "C203", "element",
    ),
    "another standard": (lambda r: r.update(apiVersion="v2.2.0"), "C204", "apiVersion"),
    "no version of the standard": (lambda r: r.update(apiVersion="v3.x"), "C204", "apiVersion"),
    "half a version of the standard": (lambda r: r.update(apiVersion="v3.1"), "C204", "apiVersion"),
    "older shape": (lambda r: (r.clear(), r.update(dataset="x")), "C204", "dataset"),
    "unknown logical type": (
        lambda r: column(r, "claim_id").update(logicalType="strng"), "C303", "logicalType",
    ),
    "unknown physical type": (
        lambda r: column(r, "claim_id").update(physicalType="varchr"), "C302", "physicalType",
    ),
    "unknown type without a server": (
        lambda r: (r.pop("servers"), column(r, "claim_id").update(physicalType="varchr")),
        "C302", "physicalType",
    ),
    "types that disagree": (
        lambda r: column(r, "claim_id").update(logicalType="integer"), "C304", "physicalType",
    ),
    "duplicate column": (
        lambda r: _columns(r).append(dict(column(r, "claim_id"), name="CLAIM_ID")), "C305", "name",
    ),
    "duplicate table": (lambda r: r["schema"].append(dict(r["schema"][0])), "C306", "name"),
    "missing owner": (lambda r: r.pop("team"), "C307", "team"),
    "team without a name": (lambda r: r.update(team={"members": []}), "C307", "team"),
    "team with a blank name": (lambda r: r.update(team={"name": "  "}), "C307", "team"),
    "members with blank names": (
        lambda r: r.update(team=[{"username": " ", "name": ""}]), "C307", "team",
    ),
    "unknown quality rule": (
        lambda r: r["schema"][0]["quality"][0].update(metric="rowCounts"), "C308", "metric",
    ),
    "unknown kind of rule": (
        lambda r: r["schema"][0]["quality"][0].update(type="magic"), "C308", "type",
    ),
    "rule without a comparison": (
        lambda r: r["schema"][0]["quality"][0].pop("mustBeGreaterThan"), "C308", "quality",
    ),
    "rule without a metric": (
        lambda r: r["schema"][0]["quality"][0].pop("metric"), "C308", "quality",
    ),
    "rule that names no test": (
        lambda r: r["schema"][0]["quality"].append(
            {"type": "custom", "engine": "dbt", "implementation": {"args": 1}}
        ),
        "C308", "implementation",
    ),
    "gap in the key": (
        lambda r: column(r, "payer_kind").update(primaryKey=True, primaryKeyPosition=3), "C309", "",
    ),
    "bad end": (
        lambda r: r["slaProperties"].append({"property": "endOfLife", "value": "2027-02-30"}),
        "C310", "value",
    ),
    "bad date of a member": (
        lambda r: r["team"].update(members=[{"username": "a", "dateIn": "June"}]), "C310", "dateIn",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_contract_is_caught_by_name(name: str) -> None:
    change, code, element = BAD[name]
    bad = errors(found(text(base(change))))
    assert code in {each.code for each in bad}
    hit = next(each for each in bad if each.code == code)
    assert element in hit.element
    assert hit.line > 0
    assert hit.column > 0
    assert hit.found
    assert hit.expected
    assert hit.hint


@pytest.mark.parametrize(
    "version", ["1.0", "1", "v1.0.0", "1.0.0.0", "01.2.3", "1.2.x", "", "1.2.3-"]
)
def test_a_version_is_semantic(version: str) -> None:
    bad = found(text(base(lambda r: r.update(version=version))))
    assert [each.code for each in bad] == ["C301"]


def test_a_version_that_is_a_number_is_named_once() -> None:
    content = text(base()).replace("version: 1.2.0", "version: 1.2")
    assert [(f.code, f.element) for f in found(content)] == [("C301", "version")]


def test_the_place_is_the_one_of_the_fault() -> None:
    content = text(base()).replace("physicalType: decimal(18, 2)", "physicalType: decimal(99, 2)")
    [hit] = found(content)
    line = next(i for i, each in enumerate(content.splitlines(), 1) if "decimal(99" in each)
    written = content.splitlines()[line - 1]
    assert (hit.line, hit.column) == (line, written.index("decimal") + 1)
    assert hit.element == "schema[fct_fintech__claims].properties[charge_amount].physicalType"


def test_the_hint_names_the_nearest() -> None:
    [hit] = found(text(base(lambda r: column(r, "claim_id").update(buisnessName="x"))))
    assert "businessName" in hit.hint


def test_all_faults_of_a_file_are_told() -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["version"] = "one"
        raw.pop("team")
        column(raw, "claim_id")["logicalType"] = "strng"

    assert {each.code for each in found(text(base(change)))} == {"C301", "C307", "C303"}


FOREIGN_31 = """
apiVersion: v3.1.0
kind: DataContract
id: 53581432-6c55-4ba2-a65f-72344a91553a
name: seller payments
version: 1.1.0
status: active
dataProduct: payments
tenant: ClimateQuantumInc
tags: [finance]
authoritativeDefinitions:
  - {type: canonicalUrl, url: "https://example.org/contract"}
description:
  purpose: Views built on top of the seller tables.
  authoritativeDefinitions:
    - {type: privacy-statement, url: "https://example.org/privacy"}
servers:
  - {server: my-postgres, type: postgres, host: localhost, port: 5432, database: d, schema: public}
schema:
  - name: tbl
    physicalName: tbl_1
    physicalType: table
    logicalType: object
    properties:
      - {name: txn_ref_dt, primaryKey: false, logicalType: date, physicalType: DATE,
         partitioned: true, partitionKeyPosition: 1, criticalDataElement: false,
         examples: ["2022-10-03"]}
      - {name: rcvr_id, primaryKey: true, primaryKeyPosition: 1, logicalType: string,
         physicalType: VARCHAR2(18), encryptedName: enc_rcvr_id}
      - name: address
        logicalType: object
        physicalType: STRUCT<street STRING>
        properties: [{name: street, logicalType: string, physicalType: STRING}]
      - name: tags
        logicalType: array
        physicalType: ARRAY<STRING>
        items: {logicalType: string}
      - name: amount
        logicalType: number
        physicalType: NUMBER(18,2)
        logicalTypeOptions: {minimum: 0, maximum: 100}
        quality:
          - {type: library, metric: nullValues, mustBeLessThan: 10, unit: percent}
          - {type: sql, query: "select count(*) from tbl", mustBeBetween: [0, 10]}
          - {type: text, description: Looks right.}
          - {type: custom, engine: soda, implementation: "type: duplicate_percent"}
        relationships: [{type: foreignKey, to: other.id}]
support:
  - {channel: "#product-help", tool: slack, url: "https://example.org/slack"}
price: {priceAmount: 9.95, priceCurrency: USD, priceUnit: megabyte}
team:
  name: my-team
  members:
    - {username: ceastwood, role: Data Scientist, dateIn: "2022-08-02", dateOut: "2022-10-01",
       replacedByUsername: mhopper}
roles:
  - {role: microstrategy_user_opr, access: read, firstLevelApprovers: Reporting Manager}
slaDefaultElement: tab1.txn_ref_dt
slaProperties:
  - {property: latency, value: 4, unit: d, element: tbl.txn_ref_dt}
  - {property: endOfSupport, value: "2030-05-12T04:00:10Z"}
  - {property: retention, value: 3, unit: y}
customProperties:
  - {property: refRulesetName, value: gcsc.ruleset.name}
contractCreatedTs: "2022-11-15T02:59:43+00:00"
"""

FOREIGN_30 = """
apiVersion: v3.0.2
kind: DataContract
id: orders
version: 0.3.1-beta.2
status: draft
team:
  - {username: jane, role: Owner, dateIn: "2024-01-01"}
schema:
  - name: orders
    properties:
      - name: id
        logicalType: string
        quality: [{rule: duplicateCount, mustBe: 0}]
"""


@pytest.mark.parametrize("content", [FOREIGN_31, FOREIGN_30])
def test_a_healthy_contract_of_somebody_else_passes(content: str) -> None:
    assert errors(found(content)) == []


def test_a_later_standard_is_read_with_a_warning() -> None:
    content = text(base(lambda r: r.update(apiVersion="v3.2.0", somethingNew=1)))
    assert errors(found(content)) == []
    assert {each.code for each in found(content)} == {"C205", "C201"}


def test_an_unknown_field_is_told_once_and_where_it_stands() -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["price"] = {"priceAmont": 1}

    [hit] = found(text(base(change)))
    assert (hit.code, hit.element) == ("C201", "price.priceAmont")
    [hit] = found(text(base(lambda r: r.update(domian="x"))))
    assert (hit.code, hit.element) == ("C201", "domian")


@pytest.mark.parametrize("part", ["servers", "roles", "customProperties"])
def test_of_two_entries_of_one_name_only_the_last_counts_which_is_told(part: str) -> None:
    [hit] = found(text(base(lambda r: r[part].append(dict(r[part][0])))))
    assert (hit.code, hit.severity) == ("C316", "warning")
    assert part in hit.element


@pytest.mark.parametrize("end", ["2027-06-30", "20270630", "2027-06-30 12:00", "20270630T120000Z"])
def test_an_end_that_passes_is_one_that_comes(end: str) -> None:
    level = {"property": "endOfLife", "value": end}
    made = contract(lambda r: r["slaProperties"].append(level))
    assert str(made.deprecation_date) == "2027-06-30"


def test_two_products_that_claim_one_table_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text(base()))
    (tmp_path / "b.yaml").write_text(text(base(lambda r: r.update(name="other", id="other"))))
    contracts, bad = lint_files(sorted(tmp_path.iterdir()))
    assert len(contracts) == 2
    [hit] = bad
    assert (hit.code, Path(hit.file).name) == ("C320", "b.yaml")
    assert "a.yaml" in hit.found
    assert hit.line > 0


def test_one_product_in_one_version_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text(base()))
    (tmp_path / "b.yaml").write_text(
        text(base(lambda r: r["schema"][0].update(physicalName="s.other")))
    )
    _, bad = lint_files(sorted(tmp_path.iterdir()))
    assert [each.code for each in bad] == ["C321"]


def test_all_that_the_published_schema_refuses_is_told_at_once() -> None:
    def change(raw: Raw) -> None:
        raw.update(id=7)
        column(raw, "claim_id").update(required="yes")
        raw["support"] = [{"channel": 5, "colour": "red"}]
        raw["slaProperties"].append({"property": "latency"})

    told = {(each.element, each.found) for each in found(text(base(change)))}
    assert told == {
        ("id", "7 is no string"),
        ("schema[fct_fintech__claims].properties[claim_id].required", '"yes" is no boolean'),
        ("support[0].channel", "5 is no string"),
        ("support[0].colour", "the field `colour` is not known here"),
        ("slaProperties[latency]", "value is missing"),
    }


def test_a_large_document_is_told_what_is_wrong_first() -> None:
    """The whole list takes 2 ms for a column, and what an alias names is looked at each time."""
    rows = [{"name": f"c{n}", "required": "yes"} for n in range(standard.LISTED // 3)]
    raw = base(lambda r: r["schema"][0].update(properties=rows))
    assert len(list(standard.violations(raw))) == 1


def test_our_contracts_are_in_order_and_valid_by_the_published_schema() -> None:
    contracts, findings = read_contracts(ROOT)
    assert findings == []
    assert len(contracts) == len(contract_files(ROOT)) >= 34
    validator = jsonschema.Draft201909Validator(standard.schema())
    for each in contracts[::8]:  # the slow reference; the fast one has looked at all
        assert list(validator.iter_errors(each.raw)) == []


@pytest.mark.parametrize("name", [name for name, bad in BAD.items() if bad[1] in ("C201", "C203")])
def test_what_the_published_schema_refuses_is_found(name: str) -> None:
    """The walker and the compiled schema together miss nothing that the reference finds."""
    raw = base(BAD[name][0])
    assert list(jsonschema.Draft201909Validator(standard.schema()).iter_errors(raw))
    assert errors(found(text(raw)))

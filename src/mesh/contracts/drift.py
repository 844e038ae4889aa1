"""Where contract, model YAML and SQL say different things; needs no engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesh.build.nodes import Column, Node, Test
from mesh.contracts.drift_of_tests import drift_of_tests, is_tested, tests_by_node
from mesh.contracts.finding import Finding, errors
from mesh.contracts.model import Contract, Field
from mesh.contracts.pair import SYNC, Pair, extra, missing
from mesh.contracts.project import ContractProject
from mesh.contracts.sql_columns import Output, output_columns
from mesh.contracts.trino_types import UnknownType, parse_type, same
from mesh.core.printable import shortened


def drift(project: ContractProject) -> Iterator[Finding]:
    """Everything in which the parts of a project disagree about its products."""
    pairs = []
    for contract in project.by_table:
        node = project.model_of(contract)
        if node is None:
            yield _without_model(contract)
        else:
            pairs.append(Pair(contract, node, project.manifest))
    held = {pair.node.unique_id for pair in pairs}
    broken = bool(errors(project.findings))  # then its contract may be one that cannot be read
    for node in project.gold:
        if node.unique_id not in held and not broken:
            yield _without_contract(node)
    yield from _claimed_twice(pairs)
    tests = tests_by_node(project.manifest)
    for pair in pairs:
        yield from _model(pair, full_names=project.ours)
        given = tests.get(pair.node.unique_id, [])
        yield from _columns(pair, given)
        yield from drift_of_tests(pair, given, ours=project.ours)
        yield from _sql(pair)


def _claimed_twice(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Two contracts of what one model makes; those that spell its table alike are told before."""
    owners: dict[str, Pair] = {}
    for pair in pairs:
        first, table = owners.setdefault(pair.node.unique_id, pair), pair.contract.table
        if table.physical_name.lower() != first.contract.table.physical_name.lower():
            yield pair.finding(
                "C320",
                (*table.path, "name"),
                table.name,
                f"the table that {pair.node.name} makes is claimed by {first.contract.file} too",
                "one product for a table",
                f"name another table, or let {first.contract.product} own it",
            )


def _without_contract(node: Node) -> Finding:
    domain = "DOMAIN" if node.domain == "gold" else node.domain
    return Finding(
        node.path,
        0,
        0,
        "C501",
        node.label,
        "the gold model has no contract",
        f"contracts/{domain}/{node.name.partition('__')[2] or node.name}.odcs.yaml",
        "write the contract, or move the model out of gold",
    )


def _without_model(contract: Contract) -> Finding:
    table = contract.table.name
    line, column = contract.place((*contract.table.path, "name"))
    return Finding(
        contract.file,
        line,
        column,
        "C502",
        table,
        "no model makes the table of this contract",
        f"a model {table} in version {contract.major}",
        "write the model, or retire the contract",
        product=contract.product,
    )


def _model(pair: Pair, *, full_names: bool) -> Iterator[Finding]:
    node, table = pair.node, pair.contract.table
    if not node.contract_enforced:
        yield pair.finding(
            "C510",
            table.path,
            node.name,
            f"{pair.yaml} does not enforce the contract",
            "config: {contract: {enforced: true}}",
        )
    given = node.relation if full_names else node.table
    named = table.physical_name if full_names else table.physical_name.rpartition(".")[2]
    if given.lower() != named.lower():
        yield pair.finding(
            "C514",
            (*table.path, "physicalName"),
            named,
            f"the model makes the table {given}",
            named,
            "correct physicalName, or the alias of the model",
        )
    if _words(node.description) != _words(table.description):
        yield pair.finding(
            "C516",
            (*table.path, "description"),
            node.name,
            f"{pair.yaml} describes it otherwise",
            _short(table.description),
        )
    yield from _version(pair)


def _version(pair: Pair) -> Iterator[Finding]:
    date = pair.contract.deprecation_date
    wanted = date.isoformat() if date else None
    found = (pair.node.deprecation_date or "")[:10] or None
    if wanted != found:
        yield pair.finding(
            "C512",
            ("slaProperties",),
            "deprecation_date",
            f"{pair.yaml} says {found or 'nothing'} about its end",
            wanted or "no end",
        )
    declared = (pair.node.meta.get("contract") or {}) if pair.node.meta else {}
    facts = {"id": pair.contract.id, "version": pair.contract.version}
    for name, value in facts.items():
        told = declared.get(name) if isinstance(declared, dict) else None
        if told is not None and str(told) != value:
            yield pair.finding("C513", (name,), name, f"the meta of {pair.yaml} says {told}", value)


def _columns(pair: Pair, tests: Sequence[Test]) -> Iterator[Finding]:
    declared = {column.name.lower(): column for column in pair.node.columns}
    wanted = {column.name.lower(): column for column in pair.contract.table.columns}
    yield from missing(pair, declared, "C503", f"{pair.yaml} does not declare the column", SYNC)
    told = f"{pair.yaml} declares a column that the contract lacks"
    yield from extra(pair, declared, "C504", told, "take it out of the YAML")
    for name in [each for each in wanted if each in declared]:
        yield from _column(pair, wanted[name], declared[name], tests)
    if list(wanted) != list(declared) and sorted(wanted) == sorted(declared):
        first = next(a for a, b in zip(wanted, declared, strict=True) if a != b)
        yield pair.finding(
            "C511",
            wanted[first].path,
            first,
            f"{pair.yaml} has the columns in another order",
            "the order of the contract",
        )


def _column(
    pair: Pair, wanted: Field, declared: Column, tests: Sequence[Test]
) -> Iterator[Finding]:
    if wanted.physical and not same(wanted.physical, declared.data_type or ""):
        yield pair.finding(
            "C505",
            (*wanted.path, "physicalType"),
            wanted.name,
            f"{pair.yaml} says {declared.data_type or 'no type'}",
            wanted.physical,
        )
    if wanted.required != declared.not_null and not (wanted.required and is_tested(wanted, tests)):
        said = "forbids NULL" if declared.not_null else "allows NULL"
        yield pair.finding(
            "C506",
            (*wanted.path, "required"),
            wanted.name,
            f"{pair.yaml} {said}",
            "required: true" if wanted.required else "an optional column",
        )
    if _words(wanted.description) != _words(declared.description):
        yield pair.finding(
            "C507",
            (*wanted.path, "description"),
            wanted.name,
            f"{pair.yaml} describes it otherwise: {_short(declared.description) or 'not at all'}",
            _short(wanted.description) or "no description",
        )


def _sql(pair: Pair) -> Iterator[Finding]:
    """The columns that the SQL gives, against those of the contract."""
    if not pair.node.raw_code or pair.node.path.endswith(".py"):
        return
    given = output_columns(pair.manifest, pair.node)
    if given is None:
        yield Finding(
            pair.node.path,
            0,
            0,
            "C524",
            pair.node.name,
            "its columns cannot be read from its text",
            "every column named",
            "end with `select * from final` and name the columns there",
            "warning",
            pair.contract.product,
        )
        return
    outputs = {output.name: output for output in given}
    told = f"{pair.node.path} does not give the column"
    yield from missing(pair, outputs, "C521", told, _dropped(pair))
    told = f"{pair.node.path} gives a column that the contract lacks"
    yield from extra(pair, outputs, "C522", told, "do not select it")
    for column in pair.contract.table.columns:
        if column.name.lower() in outputs:
            yield from _sql_type(pair, column, outputs[column.name.lower()])


def _dropped(pair: Pair) -> str:
    return (
        f"somebody relies on {pair.contract.address}: select it again, or publish version "
        f"{pair.contract.major + 1} beside it"
    )


def _sql_type(pair: Pair, wanted: Field, output: Output) -> Iterator[Finding]:
    try:
        type_ = parse_type(wanted.physical)
    except UnknownType:
        return
    found = output.type
    if found is None:
        return
    # A text of any length may come from one of a given length, as Iceberg stores it.
    exact = output.exact and not (type_.name == "varchar" and not type_.numbers)
    if found != type_ if exact else found.name != type_.name:
        yield pair.finding(
            "C523",
            (*wanted.path, "physicalType"),
            wanted.name,
            f"{pair.node.path} gives {found}",
            wanted.physical,
            "cast it to the type of the contract, or change the contract",
        )


def _words(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    return shortened(_words(text), 80)

"""L: who owns a table, who may read it, and what it may be made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mesh.build.nodes import Manifest, Node, Source, Test
from mesh.checks.finding import Finding
from mesh.checks.style.rules import DOMAINS_OWN, RULES, about, landed
from mesh.lake.names import VAULT

ACCESS = {"bronze": "private", "silver": "private", "identity": "protected", "gold": "public"}


@RULES.add("L301")
def models_belong_to_the_group_of_their_domain(manifest: Manifest) -> Iterator[Finding]:
    """Every model is in the dbt group of its domain, and the group has an owner."""
    for model in manifest.models:
        if model.group != model.domain:
            hint = f"leave `group` to dbt_project.yml, which says {model.domain}"
            yield about("L301", model, f"its group is {model.group}", hint)
    for group in manifest.groups.values():
        if not group.owner_name or not group.owner_email or not group.description:
            hint = "give it a description, and an owner with name and email"
            message = "the group has no owner or no description"
            yield Finding("models/_groups.yml", "L301", group.name, "", message, hint)


@RULES.add("L302")
def access_goes_by_layer(manifest: Manifest) -> Iterator[Finding]:
    """Bronze and silver are private, the identity map is protected, gold is public."""
    for model in manifest.models:
        wanted = ACCESS.get(model.layer)
        if wanted and model.access != wanted:
            hint = f"leave `access` to dbt_project.yml, which says {wanted}"
            yield about("L302", model, f"its access is {model.access}", hint)


@RULES.add("L303")
def products_have_a_contract(manifest: Manifest) -> Iterator[Finding]:
    """Every gold model has an enforced contract with a type for every column."""
    for product in manifest.products:
        if not product.contract_enforced:
            hint = "leave `contract` to dbt_project.yml, which enforces it"
            yield about("L303", product, "its contract is not enforced", hint)
        for column in product.columns:
            if not column.data_type:
                hint = "declare `data_type` as Trino spells it"
                yield about("L303", product, "the column has no type", hint, column.name)


@RULES.add("L304")
def private_layers_stay_in_their_domain(manifest: Manifest) -> Iterator[Finding]:
    """Nobody reads another domain's bronze or silver, not even a test."""
    readers: list[Node | Test] = [*manifest.models, *_own_tests(manifest)]
    for reader in readers:
        domain = reader.domain if isinstance(reader, Node) else _domain_of(manifest, reader)
        for read in map(manifest.relation_of, reader.depends_on):
            if isinstance(read, Node) and read.layer in DOMAINS_OWN and read.domain != domain:
                hint = f"read a gold model of {read.domain}, or ask its team for one"
                yield about("L304", reader, f"it reads {read.name}", hint)


def _own_tests(manifest: Manifest) -> list[Test]:
    return [test for test in manifest.tests.values() if test.package == "mesh"]


def _domain_of(manifest: Manifest, test: Test) -> str:
    """The domain that a test belongs to: that of its model, else of its folder."""
    attached = manifest.nodes.get(test.attached or "")
    return attached.domain if attached else PurePosixPath(test.path).parent.name


@RULES.add("L305")
def bronze_mirrors_one_source(manifest: Manifest) -> Iterator[Finding]:
    """A bronze model reads exactly one source table, of its own domain, and nothing else."""
    for model in manifest.models:
        if model.layer != "bronze":
            continue
        reads = [manifest.relation_of(name) for name in model.depends_on]
        if len(reads) != 1 or not isinstance(reads[0], Source):
            names = ", ".join(read.name for read in reads if read) or "nothing"
            yield about("L305", model, f"it reads {names}", "read one source table, join in silver")
        elif reads[0].domain != model.domain:
            hint = f"let {reads[0].domain} own it"
            yield about("L305", model, f"it reads a source of {reads[0].domain}", hint)


@RULES.add("L306")
def sources_have_one_owner(manifest: Manifest) -> Iterator[Finding]:
    """A landed table is declared by one domain and read by its bronze alone.

    Secret keys are no landed table: the identity map and the keys of rows are made with them.
    """
    owners: dict[str, Source] = {}
    for source in landed(manifest):
        first = owners.setdefault(source.relation, source)
        if first is not source:
            hint = f"leave it to {first.domain}"
            yield about("L306", source, f"{first.domain} declares {source.relation} too", hint)
    for model in manifest.models:
        if model.layer in {"bronze", "identity"}:
            continue
        for read in map(manifest.relation_of, model.depends_on):
            if isinstance(read, Source) and read.relation.partition(".")[0] != VAULT:
                hint = "read the bronze model"
                yield about("L306", model, f"it reads the landed table {read.relation}", hint)


@RULES.add("L307")
def identities_are_read_where_they_are_replaced(manifest: Manifest) -> Iterator[Finding]:
    """Identities are read in silver, where they are replaced; products of analytics join keys."""
    for model in manifest.models:
        for read in map(manifest.relation_of, model.depends_on):
            if not isinstance(read, Node) or read.layer != "identity" or model.layer == "identity":
                continue
            raw = any(column.name == "patient_id" for column in read.columns)
            if model.layer != "silver" and (raw or model.domain != "analytics"):
                hint = "put the domain's own pseudonym in place in silver"
                yield about("L307", model, f"it reads {read.name}", hint)

"""P: who a patient is stays in the patients domain."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.build.nodes import Manifest, Node
from mesh.checks.finding import Finding
from mesh.checks.style.rules import RULES, about
from mesh.checks.style.sql import output_columns

IDENTIFIERS = frozenset(
    {
        "patient_id",
        "patient",
        "medical_record_number",
        "ssn",
        "social_security_number",
        "drivers",
        "driving_licence_number",
        "passport",
        "passport_number",
        "first_name",
        "middle_name",
        "last_name",
        "maiden_name",
        "birth_date",
        "birthdate",
        "street_address",
        "latitude",
        "longitude",
    }
)
"""Names of columns that say who somebody is. By name only: lineage comes on top of this."""

OTHER_SUBJECTS = {"street_address", "latitude", "longitude"}
"""Of those, what a site or a payer has as well; patients' own are in the patients domain."""


def _columns(manifest: Manifest, model: Node) -> list[str]:
    given = output_columns(manifest, model.raw_code) or ()
    return list(dict.fromkeys((*given, *(column.name for column in model.columns))))


@RULES.add("P501")
def identifiers_stop_at_bronze(manifest: Manifest) -> Iterator[Finding]:
    """No domain but patients carries what identifies a patient past bronze."""
    for model in manifest.models:
        if model.layer in {"bronze", "identity"} or model.domain == "patients":
            continue
        for column in _columns(manifest, model):
            if column in IDENTIFIERS - OTHER_SUBJECTS:
                hint = "join identity_patients__keys in silver and carry patient_key"
                yield about("P501", model, "it names a patient in the clear", hint, column)


@RULES.add("P502")
def products_of_patients_are_pseudonymous(manifest: Manifest) -> Iterator[Finding]:
    """No product of the patients domain publishes what identifies a patient."""
    for product in manifest.products:
        if product.domain != "patients":
            continue
        for column in _columns(manifest, product):
            if column in IDENTIFIERS:
                hint = "publish a band, an area or a pseudonym, made by a macro of macros/privacy"
                yield about("P502", product, "it publishes who somebody is", hint, column)


@RULES.add("P503")
def landed_columns_are_classified(manifest: Manifest) -> Iterator[Finding]:
    """Every landed column says how personal it is: config.meta.privacy.class."""
    for source in manifest.sources.values():
        if source.fqn[0] != "mesh":
            continue
        for column in source.columns:
            privacy = column.meta.get("privacy")
            if not isinstance(privacy, dict) or not privacy.get("class"):
                hint = "declare config: {meta: {privacy: {class: …}}}"
                yield about("P503", source, "the column is not classified", hint, column.name)

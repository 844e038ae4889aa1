"""The files of a Synthea 3.3.0 CSV export: who owns each, and what its header says."""

from __future__ import annotations

from dataclasses import dataclass

ROW_NUMBER = "_row_number"
BATCH_ID = "_batch_id"
SOURCE_FILE = "_source_file"
LOADED_AT = "_loaded_at"
MEASURED = (BATCH_ID, ROW_NUMBER, LOADED_AT)
"""Columns of landing tables whose bounds are kept in files and manifests."""


@dataclass(frozen=True)
class SourceFile:
    """One CSV file of the export.

    Attributes:
        stem: Name of the file without ``.csv``.
        domain: The domain that owns it, and so its landing table.
        header: The column names, exact and in order, as Synthea's ``CSVExporter`` writes them.
    """

    stem: str
    domain: str
    header: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name in the folder."""
        return f"{self.stem}.csv"

    @property
    def namespace(self) -> str:
        """The schema of the landing table."""
        return f"{self.domain}_landing"

    @property
    def table(self) -> str:
        """The landing table as ``schema.table``."""
        return f"{self.namespace}.synthea_{self.stem}"

    @property
    def subject_column(self) -> str | None:
        """The landing column that names the patient a row is about, None for rows about nobody."""
        named = {"patient", "patientid"} & set(self.columns)
        return "id" if self.stem == "patients" else next(iter(named), None)

    @property
    def naming_column(self) -> str | None:
        """The landing column in which a row about one patient names another person, if any."""
        return "owner_name" if "owner_name" in self.columns else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The landing table's columns that come from the file: the header in lower case."""
        return tuple(name.lower() for name in self.header)


def _file(domain: str, stem: str, header: str) -> SourceFile:
    return SourceFile(stem, domain, tuple(header.split()))


FILES: tuple[SourceFile, ...] = (
    _file(
        "patients",
        "patients",
        "Id BIRTHDATE DEATHDATE SSN DRIVERS PASSPORT PREFIX FIRST MIDDLE LAST SUFFIX MAIDEN "
        "MARITAL RACE ETHNICITY GENDER BIRTHPLACE ADDRESS CITY STATE COUNTY FIPS ZIP LAT LON "
        "HEALTHCARE_EXPENSES HEALTHCARE_COVERAGE INCOME",
    ),
    _file(
        "medical",
        "allergies",
        "START STOP PATIENT ENCOUNTER CODE SYSTEM DESCRIPTION TYPE CATEGORY REACTION1 "
        "DESCRIPTION1 SEVERITY1 REACTION2 DESCRIPTION2 SEVERITY2",
    ),
    _file(
        "medical",
        "careplans",
        "Id START STOP PATIENT ENCOUNTER CODE DESCRIPTION REASONCODE REASONDESCRIPTION",
    ),
    _file(
        "medical",
        "conditions",
        "START STOP PATIENT ENCOUNTER SYSTEM CODE DESCRIPTION",
    ),
    _file(
        "medical",
        "encounters",
        "Id START STOP PATIENT ORGANIZATION PROVIDER PAYER ENCOUNTERCLASS CODE DESCRIPTION "
        "BASE_ENCOUNTER_COST TOTAL_CLAIM_COST PAYER_COVERAGE REASONCODE REASONDESCRIPTION",
    ),
    _file(
        "medical",
        "imaging_studies",
        "Id DATE PATIENT ENCOUNTER SERIES_UID BODYSITE_CODE BODYSITE_DESCRIPTION "
        "MODALITY_CODE MODALITY_DESCRIPTION INSTANCE_UID SOP_CODE SOP_DESCRIPTION "
        "PROCEDURE_CODE",
    ),
    _file(
        "medical",
        "immunizations",
        "DATE PATIENT ENCOUNTER CODE DESCRIPTION BASE_COST",
    ),
    _file(
        "medical",
        "medications",
        "START STOP PATIENT PAYER ENCOUNTER CODE DESCRIPTION BASE_COST PAYER_COVERAGE "
        "DISPENSES TOTALCOST REASONCODE REASONDESCRIPTION",
    ),
    _file(
        "medical",
        "observations",
        "DATE PATIENT ENCOUNTER CATEGORY CODE DESCRIPTION VALUE UNITS TYPE",
    ),
    _file(
        "medical",
        "procedures",
        "START STOP PATIENT ENCOUNTER SYSTEM CODE DESCRIPTION BASE_COST REASONCODE "
        "REASONDESCRIPTION",
    ),
    _file(
        "medical",
        "providers",
        "Id ORGANIZATION NAME GENDER SPECIALITY ADDRESS CITY STATE ZIP LAT LON ENCOUNTERS "
        "PROCEDURES",
    ),
    _file(
        "fintech",
        "claims",
        "Id PATIENTID PROVIDERID PRIMARYPATIENTINSURANCEID SECONDARYPATIENTINSURANCEID "
        "DEPARTMENTID PATIENTDEPARTMENTID DIAGNOSIS1 DIAGNOSIS2 DIAGNOSIS3 DIAGNOSIS4 "
        "DIAGNOSIS5 DIAGNOSIS6 DIAGNOSIS7 DIAGNOSIS8 REFERRINGPROVIDERID APPOINTMENTID "
        "CURRENTILLNESSDATE SERVICEDATE SUPERVISINGPROVIDERID STATUS1 STATUS2 STATUSP "
        "OUTSTANDING1 OUTSTANDING2 OUTSTANDINGP LASTBILLEDDATE1 LASTBILLEDDATE2 "
        "LASTBILLEDDATEP HEALTHCARECLAIMTYPEID1 HEALTHCARECLAIMTYPEID2",
    ),
    _file(
        "fintech",
        "claims_transactions",
        "ID CLAIMID CHARGEID PATIENTID TYPE AMOUNT METHOD FROMDATE TODATE PLACEOFSERVICE "
        "PROCEDURECODE MODIFIER1 MODIFIER2 DIAGNOSISREF1 DIAGNOSISREF2 DIAGNOSISREF3 "
        "DIAGNOSISREF4 UNITS DEPARTMENTID NOTES UNITAMOUNT TRANSFEROUTID TRANSFERTYPE "
        "PAYMENTS ADJUSTMENTS TRANSFERS OUTSTANDING APPOINTMENTID LINENOTE PATIENTINSURANCEID "
        "FEESCHEDULEID PROVIDERID SUPERVISINGPROVIDERID",
    ),
    _file(
        "fintech",
        "payers",
        "Id NAME OWNERSHIP ADDRESS CITY STATE_HEADQUARTERED ZIP PHONE AMOUNT_COVERED "
        "AMOUNT_UNCOVERED REVENUE COVERED_ENCOUNTERS UNCOVERED_ENCOUNTERS COVERED_MEDICATIONS "
        "UNCOVERED_MEDICATIONS COVERED_PROCEDURES UNCOVERED_PROCEDURES COVERED_IMMUNIZATIONS "
        "UNCOVERED_IMMUNIZATIONS UNIQUE_CUSTOMERS QOLS_AVG MEMBER_MONTHS",
    ),
    _file(
        "fintech",
        "payer_transitions",
        "PATIENT MEMBERID START_DATE END_DATE PAYER SECONDARY_PAYER PLAN_OWNERSHIP OWNER_NAME",
    ),
    _file(
        "logistics",
        "devices",
        "START STOP PATIENT ENCOUNTER CODE DESCRIPTION UDI",
    ),
    _file(
        "logistics",
        "organizations",
        "Id NAME ADDRESS CITY STATE ZIP LAT LON PHONE REVENUE UTILIZATION",
    ),
    _file(
        "logistics",
        "supplies",
        "DATE PATIENT ENCOUNTER CODE DESCRIPTION QUANTITY",
    ),
)

BY_NAME = {file.name: file for file in FILES}
DOMAINS = tuple(dict.fromkeys(file.domain for file in FILES))

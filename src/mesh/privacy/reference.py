"""The reference page of the check, made from what decides: ``python -m mesh.privacy.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import yaml

from mesh.core.paths import ROOT
from mesh.privacy.classes import DECLARABLE, SAME, Change, Class
from mesh.privacy.declassify import DECLASSIFIERS, FOLDER, GENERALISE, NUMBER, PSEUDONYM
from mesh.privacy.findings import CODES

PAGE = ROOT / "docs" / "reference" / "privacy.md"

HEAD = """\
# Findings and masks of `mesh check privacy` and `mesh check values`

Made by `python -m mesh.privacy.reference`; a test holds it against the code. How to declare a
column is in [mark personal data](../guides/mark-personal-data.md).
"""

BY_SHAPE = (
    ("redact, suppress_text, any constant", "a constant in the place of a value", None),
    ("safe_null", "`if(false, value)`", None),
    (
        "pseudonym",
        "`hmac_…(value, key)` with a whole key: the column with `identifier: secret` itself, or "
        "`(select key from … where name = '…')`, "
        "in UTF-8, hexadecimal digits or base 64 too",
        PSEUDONYM,
    ),
    (
        "year_of",
        "`year(…)`, `extract(year …)`, `date_trunc('year', …)`, `date_format(…, '%Y')`, "
        "`format_datetime(…, 'yyyy')` of columns with `identifier: date`, not of birth",
        GENERALISE,
    ),
    ("(a number read from text)", "`cast(… as double)` and other numbers", NUMBER),
)


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield HEAD
    yield "## Codes\n"
    yield "| code | severity | what it says | what to do |\n|---|---|---|---|"
    for each in CODES.values():
        yield f"| {each.code} | {each.severity} | {each.sentence} | {each.remedy} |"
    yield "\n## What lowers a class\n"
    yield "Recognised by the expression that is rendered, whatever macro or hand wrote it.\n"
    yield "| mask | expression | what becomes of a class |\n|---|---|---|"
    for name, shape, change in BY_SHAPE:
        yield f"| {name} | {shape} | {_words(change) if change else 'none is left'} |"
    for mask in DECLASSIFIERS:
        shape = f"exactly the text of `macros/privacy/{mask.name}.sql`"
        if mask.of:
            shape += f", of columns with `identifier: {'` or `'.join(sorted(mask.of))}`"
        yield f"| {mask.name} | {shape} | {_words(mask.change)} |"
    yield (
        "| small_cell, `having`, `where` | a sum, mean or group shown only where "
        "`count(distinct person) >= 11` | sensitive and quasi become none |"
    )
    yield "| count, comparison, length | the value itself is not given | none is left |"
    yield NOTE
    yield "## What each macro does, and how much it holds\n"
    for macro in yaml.safe_load((FOLDER / "_macros.yml").read_text())["macros"]:
        given = ", ".join(each["name"] for each in macro["arguments"])
        yield f"- `{macro['name']}({given})`: {' '.join(macro['description'].split())}"


def _words(change: Change) -> str:
    found: dict[str, list[str]] = {}
    for before in (*DECLARABLE.values(), Class.GENERALISED):
        after = change[before]
        if after is not SAME[before]:
            found.setdefault(after.word, []).append(before.word)
    return "; ".join(f"{', '.join(names)} → {word}" for word, names in found.items())


NOTE = """
A mask, a year or a length counts only over a column as it came, or one that was cast, trimmed or
written in other letters: parts of a value could be shown by several of them, and `cast(… as
varchar(3))` leaves a part. `partial_mask` takes nothing off a class: the last digits of a number
are still of that number. A column is a date of birth by `identifier: birth_date`, or by
`identifier: date` and its name. Its year tells an age over 89 and stays quasi; `age_band` does not.

A person is counted by a `direct` column of which one person has one, a pseudonym of it, or a
`technical` column with a `subject`. Days, row numbers and `approx_distinct` count nobody, and a
count guards no figure with a condition that the count has not. It guards the figures and keys of
the table whose people it counts, and of those joined to it by a person's key, unless an outer join
may lack their rows; not the figure of another row, and not the largest of several. A count in a
subquery guards another only where that one's groups are formed by columns equal to the keys of the
counted groups, of the same source and under the same conditions.

A sum over a whole table is about nobody, unless a name in the subquery, however deep, stands for a
column of the query around it, or a condition picks people: an equality, list, prefix or range with
both ends of a quasi, technical or direct value, whatever is made of it; a secret value as great as
another; a limit, offset or sample; EXCEPT of the same table. So do a comparison with the greatest
or least value of the same table or with ALL of them, unless a week or more away from it; the row
before or after in no part; rows that none is beyond, unless these are of the same person or key;
and fewer rows than may be shown of one name or quasi value.

A sum hides its summands only where they come into it alike: in another unit, times a column that
says nothing of the single row, or in branches whose constants are at most a thousand apart. With
the power of a column, a row number, a technical column or chance as weight, in the sum, in a
column it is made of or as a number of rows, the sum is the values themselves.

A column of a source that one query asks more than twenty questions about, under whatever names and
by whatever comparison or search, in flags, counts, bands, joins or branches of a union, is told by
the answers. A place, length or number that is shown and not only compared counts as four.

A column of UNNEST, VALUES, a table function, a seed or a source whose columns are all `none`, held
against a personal value in a condition, a lambda, IN, EXISTS or EXCEPT, gives that value; how many
rows `unnest(sequence(1, value))` or `number <= value` make is the value too. A CASE that gives a
word for every word of a column, and `column = 'word'` of a sensitive one, are its value; so are a
list, pattern or search with letters in it, held against a sensitive one. An answer that holds a
personal value against such a column, or against that of another person, is that value where it is
shown row by row.

Not found: answers spread over several models, fewer than twenty of each; one question by `>` of a
sensitive number, and one about a value that is not sensitive; places by `rank()`; rows picked by
two ends of an order that lie in tables of different models, or by a key that all of them share; a
word that a query gives, as `= (select 'x')`, or that a list of the value itself is searched for;
rows of one word beside a pseudonym. Of counts by attributes (PRIV021): those by rollup, cube or
`group by all`, by windows and sums, of a model that another one shows, and a guard of rows in the
place of people, or of another part of the same query.
"""
"""What masks and counts have to be of."""


def page() -> str:
    """The whole page."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stderr.write(f"{PAGE}\n")

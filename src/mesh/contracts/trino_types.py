"""Trino's types: read from text in any spelling, compared, and mapped to logical types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mesh.core.printable import shortened

ALIASES = {
    "int": "integer",
    "dec": "decimal",
    "numeric": "decimal",
    "double precision": "double",
    "character": "char",
    "character varying": "varchar",
}
PLAIN = {
    "boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "varbinary", "json",
    "date", "uuid", "ipaddress", "hyperloglog", "p4hyperloglog", "setdigest", "tdigest",
    "geometry", "sphericalgeography", "interval year to month", "interval day to second",
}  # fmt: skip
"""Types without a parameter."""

INTEGERS = ("tinyint", "smallint", "integer", "bigint")
FLOATS = ("real", "double")
DEFAULT_PRECISION = {"time": 3, "timestamp": 3}
MAX_NESTING = 32
MAX_LENGTH = 50_000
"""Characters of a type; a row of a thousand fields is shorter."""

LOGICAL = {
    "boolean": ("boolean",),
    **dict.fromkeys(INTEGERS, ("integer", "number")),
    "real": ("number",),
    "double": ("number",),
    "decimal": ("number", "integer"),
    "date": ("date",),
    "time": ("time", "string"),
    "timestamp": ("timestamp", "date"),
    "json": ("string", "object"),
    "array": ("array",),
    "map": ("object",),
    "row": ("object",),
}
"""The logical types of the standard that fit a type, the usual one first; else ``string``."""


@dataclass(frozen=True)
class Type:
    """A type in its one spelling.

    ``numbers`` are precision, scale or length; ``fields`` are the parts of an array, map or row,
    each with its name, which is empty for all but the named fields of a row.
    """

    name: str
    numbers: tuple[int, ...] = ()
    zone: bool = False
    fields: tuple[tuple[str, Type], ...] = ()

    def __str__(self) -> str:
        if self.fields:
            inner = ", ".join(f"{_quoted(n)} {t}" if n else str(t) for n, t in self.fields)
            return f"{self.name}({inner})"
        numbers = f"({', '.join(map(str, self.numbers))})" if self.numbers else ""
        return f"{self.name}{numbers}{' with time zone' if self.zone else ''}"

    @property
    def logical(self) -> str:
        """The logical type of the Open Data Contract Standard that it is written as."""
        return LOGICAL.get(self.name, ("string",))[0]

    def fits(self, logical: str) -> bool:
        """Whether a contract may give it this logical type."""
        return logical in LOGICAL.get(self.name, ("string",))


class UnknownType(ValueError):
    """The text is no type of Trino."""


@lru_cache(maxsize=4096)
def parse_type(text: str) -> Type:
    """The type that a text spells.

    Raises:
        UnknownType: It is none; the message says where the text stops making sense.
    """
    reader = _Reader(text)
    found = reader.type(0)
    if reader.peek():
        raise UnknownType(f"{shortened(reader.peek())!r} is left over in {shortened(text)!r}")
    return found


def same(one: str, other: str) -> bool:
    """Whether two texts spell one type; texts that are no types are compared without case."""
    try:
        return parse_type(one) == parse_type(other)
    except UnknownType:
        return " ".join(one.lower().split()) == " ".join(other.lower().split())


def change(old: Type, new: Type) -> str:
    """What becomes of values: ``same``, ``widened``, ``narrowed`` or ``retyped``."""
    if old == new:
        return "same"
    if old.fields and old.name == new.name:
        return _inner_change(old, new)
    if holds(new, old):
        return "widened"
    return "narrowed" if holds(old, new) else "retyped"


def _inner_change(old: Type, new: Type) -> str:
    if old.name == "row":
        names, wanted = [n for n, _ in old.fields], [n for n, _ in new.fields]
        if names != wanted[: len(names)]:
            return "narrowed" if set(wanted) < set(names) else "retyped"
    elif len(old.fields) != len(new.fields):
        return "retyped"
    pairs = zip(old.fields, new.fields, strict=False)
    kinds = {change(a[1], b[1]) for a, b in pairs}
    kinds |= {"widened"} if len(new.fields) > len(old.fields) else set()
    for kind in ("retyped", "narrowed", "widened"):
        if kind in kinds:
            return "retyped" if {"narrowed", "widened"} <= kinds else kind
    return "same"


def holds(wide: Type, narrow: Type) -> bool:
    """Whether every value of the second is one of the first, written in the same way."""
    for ladder in (INTEGERS, FLOATS):
        if wide.name in ladder and narrow.name in ladder:
            return ladder.index(wide.name) >= ladder.index(narrow.name)
    if wide.name != narrow.name or wide.zone != narrow.zone or wide.fields or narrow.fields:
        return False
    if wide.name == "decimal":
        whole = wide.numbers[0] - wide.numbers[1] >= narrow.numbers[0] - narrow.numbers[1]
        return whole and wide.numbers[1] >= narrow.numbers[1]
    if not wide.numbers:
        return True
    return bool(narrow.numbers) and wide.numbers[0] >= narrow.numbers[0]


_TOKEN = re.compile(r'\s*("(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_$]*|[0-9]+|[(),<>])')


class _Reader:
    """Reads a type from tokens, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        if len(text) > MAX_LENGTH:
            raise UnknownType(f"a text of {len(text):,} characters is no type")
        place = 0
        stripped = text.rstrip()
        while place < len(stripped):
            match = _TOKEN.match(stripped, place)
            if not match or len(self.tokens) > 2000:
                raise UnknownType(f"{stripped[place : place + 20]!r} is not part of a type")
            word = match[1]
            self.tokens.append(word if word.startswith('"') else word.lower())
            place = match.end()
        self.place = 0

    def peek(self, ahead: int = 0) -> str:
        at = self.place + ahead
        return self.tokens[at] if at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if not token or (expected and token not in expected):
            wanted = " or ".join(expected) or "a type"
            raise UnknownType(f"{wanted} is missing in {shortened(self.text)!r}")
        self.place += 1
        return token

    def words(self, *wanted: str) -> bool:
        """Take these words if they come next."""
        if all(self.peek(i) == word for i, word in enumerate(wanted)):
            self.place += len(wanted)
            return True
        return False

    def type(self, depth: int) -> Type:
        if depth > MAX_NESTING:
            raise UnknownType("the type is nested too deep")
        name = self._name()
        if name in PLAIN:
            return Type(name)
        if name == "decimal":
            numbers = self._numbers(2) or (38, 0)
            numbers = (numbers[0], 0) if len(numbers) == 1 else numbers
            if not 1 <= numbers[0] <= 38 or numbers[1] > numbers[0]:
                raise UnknownType(f"decimal{numbers} is out of range")
            return Type(name, numbers)
        if name in ("varchar", "char"):
            length = self._numbers(1)
            return Type(name, length if length or name != "char" else (1,))
        if name in DEFAULT_PRECISION:
            return self._time(name)
        if name in ("array", "map", "row", "qdigest"):
            return self._nested(name, depth)
        raise UnknownType(f"{shortened(name)!r} is no type of Trino")

    def _name(self) -> str:
        if self.words("double", "precision"):
            return "double"
        if self.words("character", "varying"):
            return "varchar"
        for span in ("year", "month"), ("day", "second"):
            if self.words("interval", span[0], "to", span[1]):
                return f"interval {span[0]} to {span[1]}"
        word = self.take()
        return ALIASES.get(word, word)

    def _numbers(self, most: int) -> tuple[int, ...]:
        if self.peek() != "(":
            return ()
        self.take("(")
        numbers = [self._number()]
        while len(numbers) < most and self.words(","):
            numbers.append(self._number())
        self.take(")")
        return tuple(numbers)

    def _number(self) -> int:
        token = self.take()
        if not (token.isascii() and token.isdigit()) or len(token) > 10:
            raise UnknownType(f"a number is missing in {shortened(self.text)!r}")
        return int(token)

    def _time(self, name: str) -> Type:
        precision = (self._numbers(1) or (DEFAULT_PRECISION[name],))[0]
        if precision > 12:
            raise UnknownType(f"{name}({precision}) is out of range: at most 12")
        zone = self.words("with", "time", "zone")
        if not zone:
            self.words("without", "time", "zone")
        return Type(name, (precision,), zone)

    def _nested(self, name: str, depth: int) -> Type:
        close = ">" if self.take("(", "<") == "<" else ")"
        fields = [self._field(name, depth)]
        while self.words(","):
            fields.append(self._field(name, depth))
        self.take(close)
        wanted = {"array": 1, "map": 2, "qdigest": 1}.get(name)
        if wanted is not None and len(fields) != wanted:
            raise UnknownType(f"{name} takes {wanted} types, not {len(fields)}")
        return Type(name, fields=tuple(fields))

    def _field(self, name: str, depth: int) -> tuple[str, Type]:
        if name != "row":
            return "", self.type(depth + 1)
        if self.peek().startswith('"'):
            label = self.take()[1:-1].replace('""', '"')
            return label.lower(), self.type(depth + 1)
        start = self.place
        try:
            found = self.type(depth + 1)
            if self.peek() in (",", ")", ">"):
                return "", found
        except UnknownType:
            pass
        self.place = start
        return self.take(), self.type(depth + 1)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'


FOREIGN = frozenset(
    """
    string text str char nchar varchar nvarchar varchar2 nvarchar2 character clob nclob longtext
    mediumtext tinytext bpchar citext name enum set
    int int2 int4 int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 integer tinyint
    smallint mediumint bigint hugeint utinyint usmallint uinteger ubigint byteint serial bigserial
    smallserial long short byte
    float float4 float8 float16 float32 float64 real double decimal dec numeric number bignumeric
    bigdecimal money smallmoney half_float binary_float binary_double
    bool boolean bit
    date datetime datetime2 datetime64 smalldatetime datetimeoffset date32 time timetz timestamp
    timestamptz timestampltz timestampntz timestamp_ntz timestamp_ltz timestamp_tz timestamp_s
    timestamp_ms timestamp_ns interval year duration
    binary varbinary bytes bytea blob longblob mediumblob tinyblob raw image bfile rowversion
    json jsonb bson xml xmltype variant super object struct record row array list map tuple nested
    union keyword wildcard dense_vector vector fixed fixedstring lowcardinality nullable
    uuid guid uniqueidentifier rowid urowid ipaddress inet cidr macaddr ipv4 ipv6 oid hstore
    geography geometry point line polygon sdo_geometry sphericalgeography hierarchyid
    hyperloglog p4hyperloglog hllsketch setdigest tdigest qdigest bitmap null void unknown any
    sql_variant tsvector tsquery int4range int8range daterange tsrange tstzrange numrange
    """.split()  # noqa: SIM905  # a list would be one word a line
)
"""First words of the types of engines that a contract of somebody else may be about."""


def known_elsewhere(text: str) -> bool:
    """Whether the text starts like a type of any engine."""
    match = re.match(r"[\s\[]*([A-Za-z_][A-Za-z0-9_]*)", text[:100])
    return match is not None and match[1].lower() in FOREIGN

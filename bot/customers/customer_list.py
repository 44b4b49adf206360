"""Read and write a list of customers as CSV, and report the mistakes of each line."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.customers.customer import Customer, CustomerFact, CustomerFacts, key_of
from bot.messages import N_, InvalidInput, Param, Sentence
from bot.team import Mistake
from bot.text import cleaned, escape_formula, join_names, one_line, unescape_formula

COLUMNS = {
    "name": ("customer", "customer name", "name", "account", "account name", "company"),
    "tier": ("tier", "plan", "segment"),
    "value": ("value", "contract value", "annual value", "arr", "mrr", "revenue"),
    "renews_on": ("renewal date", "renewal", "renews on", "renews", "contract end"),
    "contacts": ("contacts", "contact"),
    "preferences": ("preferences", "preference"),
    "notes": ("notes", "note", "comments", "comment"),
    "crm_link": ("crm link", "crm", "crm url", "link", "url"),
}
"""The accepted column names of each fact. The first one is used in exports and messages."""

HEADER = [names[0] for names in COLUMNS.values()]  # of an export
FIELDS = {called: field for field, names in COLUMNS.items() for called in names}
LIMITS = {"name": 120, "tier": 40, "value": 60, "crm_link": 1000}
LONGEST = 3000  # characters of any other fact
SEPARATORS = ";,\t"

_NOT_IN_NAMES = re.compile(r"[\W_]+")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DATED = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True)
class Row:
    """One valid line of the list."""

    line: int  # where it starts: quoted cells may span lines
    key: str
    facts: CustomerFacts


class NotACustomerList(InvalidInput):
    """The first line is not a usable header."""


class CustomerList:
    """A CSV file of customers, read line by line so that its length does not matter.

    Raises:
        NotACustomerList: the header is missing, has no customer column, or names a column twice.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        header = next(self._lines, "")
        self._separator = max(SEPARATORS, key=header.count)
        called = _cells(header, self._separator)
        self._fields = [FIELDS.get(_normalized(name)) for name in called]
        named = [field for field in self._fields if field is not None]
        if "name" not in named:
            raise NotACustomerList(
                N_(
                    "the first line must name the columns, including customer; the known columns "
                    "are {columns}"
                ),
                columns=", ".join(HEADER),
            )
        if twice := {COLUMNS[field][0] for field in named if named.count(field) > 1}:
            raise NotACustomerList(
                N_("more than one column for {columns}; keep only one of each"),
                columns=join_names(sorted(twice)),
            )
        self.left_out = [
            one_line(cleaned(name))
            for name, field in zip(called, self._fields, strict=True)
            if not field
        ]
        self.line = 1

    def __iter__(self) -> Iterator[Row | list[Mistake]]:
        """Yield each line that is not blank: its row, or all of its mistakes."""
        reader = csv.reader(self._lines, delimiter=self._separator, strict=True)
        seen: dict[str, int] = {}
        while True:
            self.line = reader.line_num + 2  # the header is line 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                message = N_(
                    'not valid CSV: {error}; close every quote, and write "" for one inside'
                )
                yield [self._mistake("", message, error=str(error))]
                continue
            if any(map(str.strip, cells)):
                yield self._read(cells, seen)

    def _read(self, cells: list[str], seen: dict[str, int]) -> Row | list[Mistake]:
        if len(cells) != len(self._fields):
            message = N_(
                "{cells} cells, but the first line has {columns}; put quotes around a cell that "
                "contains a separator"
            )
            return [self._mistake("", message, cells=len(cells), columns=len(self._fields))]
        facts: dict[str, CustomerFact] = {}
        mistakes = []
        for field, cell in zip(self._fields, cells, strict=True):
            if field is not None:
                try:
                    facts[field] = _fact(field, cell)
                except InvalidInput as error:
                    mistakes.append(Mistake(self.line, COLUMNS[field][0], error.sentence))
        key = key_of(str(facts.get("name", "")))
        if key and (first := seen.setdefault(key, self.line)) != self.line:
            message = N_("“{name}” is already on line {first}; keep only one of them")
            name = _shown(str(facts["name"]))
            mistakes.append(self._mistake(COLUMNS["name"][0], message, name=name, first=first))
        return mistakes or Row(self.line, key, facts)

    def _mistake(self, column: str, message: str, **params: Param) -> Mistake:
        return Mistake(self.line, column, Sentence.of(message, **params))


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line; none if it is no CSV, for example with a cell of 200 KB."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def line_of(customer: Customer) -> list[str]:
    """Return the cells of a customer for an export, in the order of ``HEADER``."""
    return [escape_formula(str(getattr(customer, field) or "")) for field in COLUMNS]


def _fact(field: str, cell: str) -> CustomerFact:
    """Parse a cell.

    Raises:
        InvalidInput: the cell is too long, or not a valid value of this field.
    """
    text = unescape_formula(cleaned(cell))
    if len(text) > (limit := LIMITS.get(field, LONGEST)):
        raise InvalidInput(
            N_("{length} characters; the limit is {limit}"),
            length=f"{len(text):,}",
            limit=f"{limit:,}",
        )
    return PARSERS.get(field, _as_written)(text)


def _as_written(text: str) -> str:
    return text


def _name(text: str) -> str:
    if not key_of(text):
        raise InvalidInput(N_("empty; write the customer's name, or delete the line"))
    return one_line(text)


def _address(text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise InvalidInput(N_("“{text}” is not a web address; write https://…"), text=_shown(text))
    return text


def _day(text: str) -> date | None:
    """Parse ``2026-03-14`` or ``14.03.2026``, or return None for an empty text.

    ``03/04/2026`` is rejected: it means March in some countries and April in others.
    """
    if not text:
        return None
    if dotted := _DOTTED.fullmatch(text):
        text = f"{dotted[3]}-{dotted[2]}-{dotted[1]}"
    elif not _DATED.match(text):
        raise InvalidInput(
            N_("“{text}” is not a date; write it like 2026-03-14"), text=_shown(text)
        )
    try:
        if _DATED.fullmatch(text):
            return date(*map(int, re.split("[-/]", text)))
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise InvalidInput(
            N_("“{text}” does not exist; write a date like 2026-03-14"), text=_shown(text)
        ) from None


PARSERS: dict[str, Callable[[str], CustomerFact]] = {
    "name": _name,
    "tier": one_line,
    "value": one_line,
    "renews_on": _day,
    "crm_link": _address,
}


def _normalized(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name.casefold()).strip()


def _shown(text: str) -> str:
    return one_line(text)[:40]

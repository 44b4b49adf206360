"""A list of customers as CSV: written, and each line read, or what is wrong in it told."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.customers.customer import Customer, CustomerFact, CustomerFacts, key_of
from bot.team import Mistake
from bot.text import as_it_was, cleaned, harmless, one_line

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
"""What a column may be called, by the fact that it holds; the first is the one we say."""

HEADER = [names[0] for names in COLUMNS.values()]
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
    """One line that could be read."""

    line: int  # where it begins
    key: str
    facts: CustomerFacts


class NoList(Exception):
    """The first line does not say what the columns are."""


class CustomerList:
    """Reads line by line, so that a list may be as long as it likes.

    Raises:
        NoList: there is no header, or it names no customer.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        header = next(self._lines, "")
        self._separator = max(SEPARATORS, key=header.count)
        called = next(csv.reader([header], delimiter=self._separator), [])
        self._fields = [FIELDS.get(_plain(name)) for name in called]
        named = [field for field in self._fields if field is not None]
        if "name" not in named:
            raise NoList(
                "the first line must name the columns, one of them customer; "
                f"what can stand there is {', '.join(it[0] for it in COLUMNS.values())}"
            )
        if twice := {COLUMNS[field][0] for field in named if named.count(field) > 1}:
            raise NoList(f"two columns are for {' and '.join(sorted(twice))}; leave one of them")
        self.left_out = [
            one_line(cleaned(name))
            for name, field in zip(called, self._fields, strict=True)
            if not field
        ]
        self.line = 1

    def __iter__(self) -> Iterator[Row | list[Mistake]]:
        """Each line with anything in it: what it says, or every mistake in it."""
        reader = csv.reader(self._lines, delimiter=self._separator, strict=True)
        seen: dict[str, int] = {}
        while True:
            self.line = reader.line_num + 2  # the header is line 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                words = f"this is not CSV: {error}; put a quote inside quotes twice, and close all"
                yield [Mistake(self.line, "", words)]
                continue
            if any(map(str.strip, cells)):
                yield self._read(cells, seen)

    def _read(self, cells: list[str], seen: dict[str, int]) -> Row | list[Mistake]:
        if len(cells) != len(self._fields):
            words = (
                f"this has {len(cells)} cells, and the first line has {len(self._fields)}; "
                "put quotes around a cell that holds a separator"
            )
            return [Mistake(self.line, "", words)]
        facts: dict[str, CustomerFact] = {}
        mistakes = []
        for field, cell in zip(self._fields, cells, strict=True):
            if field is not None:
                try:
                    facts[field] = _fact(field, cell)
                except ValueError as error:
                    mistakes.append(Mistake(self.line, COLUMNS[field][0], str(error)))
        key = key_of(str(facts.get("name", "")))
        if key and (first := seen.setdefault(key, self.line)) != self.line:
            words = f"{_shown(str(facts['name']))} is on line {first} already; leave one of them"
            mistakes.append(Mistake(self.line, COLUMNS["name"][0], words))
        return mistakes or Row(self.line, key, facts)


def line_of(customer: Customer) -> list[str]:
    """The cells below ``HEADER``, as they are read back."""
    return [harmless(str(getattr(customer, field) or "")) for field in COLUMNS]


def _fact(field: str, cell: str) -> CustomerFact:
    """Raises ValueError, in words for whoever wrote the list."""
    text = as_it_was(cleaned(cell))
    if len(text) > (limit := LIMITS.get(field, LONGEST)):
        raise ValueError(f"this has {len(text):,} characters; {limit:,} at most")
    return READ.get(field, _as_written)(text)


def _as_written(text: str) -> str:
    return text


def _name(text: str) -> str:
    if not key_of(text):
        raise ValueError("this is empty; write who it is, or delete the line")
    return one_line(text)


def _address(text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise ValueError(f"{_shown(text)} is no web address; write https://…")
    return text


def _day(text: str) -> date | None:
    """``2026-03-14`` or ``14.03.2026``. With slashes nobody knows which is the month."""
    if not text:
        return None
    if dotted := _DOTTED.fullmatch(text):
        text = f"{dotted[3]}-{dotted[2]}-{dotted[1]}"
    elif not _DATED.match(text):
        raise ValueError(f"{_shown(text)} is no date; write it like 2026-03-14")
    try:
        if _DATED.fullmatch(text):
            return date(*map(int, re.split("[-/]", text)))
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(f"there is no {_shown(text)}; write it like 2026-03-14") from None


READ: dict[str, Callable[[str], CustomerFact]] = {
    "name": _name,
    "tier": one_line,
    "value": one_line,
    "renews_on": _day,
    "crm_link": _address,
}


def _plain(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name.casefold()).strip()


def _shown(text: str) -> str:
    return f"“{one_line(text)[:40]}”"

"""The answers of a submitted form, checked; each mistake is shown under its field."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.errors import BotError
from bot.messages import N_
from bot.people import CASE, CaseId, UserId
from bot.text import cleaned
from handlers.i18n import _
from handlers.slack.ids import ANSWER, Field
from handlers.slack.render import link

EMPTY = N_("Please write a few words here.")
NO_TIME = N_("Please choose a date and a time.")
LAST_STAMP = 4_000_000_000  # in 2096
EPOCH = datetime.fromtimestamp(0, UTC)
NO_DAY = N_("Please choose a day.")
NONE_CHOSEN = N_("Please choose at least one.")
UNKNOWN_OPTION = N_("This option no longer exists. Please close the form and open it again.")
NO_NUMBER = N_("Please write a whole number, for example 50.")
MOST_DIGITS = 9
NO_CASE = N_("Please write a case number, for example ESC-42.")
NO_PERSON_CHOSEN = N_("Please choose a person.")
NOT_AN_ADDRESS = N_("Please write a web address that starts with https:// or http://")
TOO_LONG = N_("This address is too long for the card. Please use a shorter one.")

ADDRESS_LIMIT = 1000
"""Bytes of an address after escaping: the card has room for no more."""


E = TypeVar("E", bound=StrEnum)


class BadAnswers(BotError):
    """Answers to correct; ``mistakes`` maps a field to its translated message."""

    def __init__(self, mistakes: dict[str, str]) -> None:
        super().__init__()
        self.mistakes = mistakes


class Answers:
    """Reads the answers of a form and collects mistakes, until ``check`` raises them together."""

    def __init__(self, view: dict[str, Any]) -> None:
        self._values: dict[str, dict[str, dict[str, Any]]] = view["state"]["values"]
        self._mistakes: dict[str, str] = {}

    def were_asked(self, field: Field) -> bool:
        """Return whether the form had this question."""
        return field in self._values

    def text(self, field: Field) -> str:
        text = self.optional_text(field)
        if not text:
            self._mistakes[field] = _(EMPTY)
        return text

    def optional_text(self, field: Field) -> str:
        return cleaned(self._answer(field).get("value") or "")

    def choice(self, field: str) -> str | None:
        chosen = self._answer(field).get("selected_option")
        return chosen["value"] if chosen else None

    def person(self, field: Field) -> UserId:
        if not (chosen := self._answer(field).get("selected_user")):
            self._mistakes[field] = _(NO_PERSON_CHOSEN)
        return UserId(chosen or "")

    def case(self, field: Field) -> CaseId:
        """Return a case number, as people write it: ``ESC-42``, ``#42`` or ``42``."""
        found = CASE.fullmatch(self.optional_text(field))
        if found is None:
            self._mistakes[field] = _(NO_CASE)
        return CaseId(int(found[1])) if found else CaseId(0)

    def optional_person(self, field: Field) -> UserId | None:
        return UserId(chosen) if (chosen := self._answer(field).get("selected_user")) else None

    def optional_day(self, field: Field) -> date | None:
        if (day := self._answer(field).get("selected_date")) is None:
            return None
        try:
            return date.fromisoformat(day)
        except ValueError:
            self._mistakes[field] = _(NO_DAY)
            return None

    def whole_number(self, field: Field) -> int:
        """Return the number; an empty answer is zero."""
        text = self.optional_text(field) or "0"
        if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
            self._mistakes[field] = _(NO_NUMBER)
            return 0
        return int(text)

    def required_choice(self, field: str) -> str:
        if (chosen := self.choice(field)) is None:
            self._mistakes[field] = _(NONE_CHOSEN)
        return chosen or ""

    def one_of(self, field: Field, options: type[E]) -> E:
        """Return the chosen option. Without one, it is a mistake."""
        if self.choice(field) is None:
            self._mistakes[field] = _(NONE_CHOSEN)
        return self.optional_one_of(field, options) or next(iter(options))

    def optional_one_of(self, field: Field, options: type[E]) -> E | None:
        """Return the chosen option. One that only another version of Baton has is a mistake."""
        chosen = self.choice(field)
        return None if chosen is None else self._known(field, chosen, options)

    def instant(self, field: Field) -> datetime:
        """Return an instant: Slack sends seconds since 1970."""
        stamp = self._answer(field).get("selected_date_time")
        if not isinstance(stamp, int) or not 0 <= stamp < LAST_STAMP:
            self._mistakes[field] = _(NO_TIME)
            return EPOCH
        return datetime.fromtimestamp(stamp, UTC)

    def any_of(self, field: Field) -> list[str]:
        return [it["value"] for it in self._answer(field).get("selected_options") or []]

    def some_of(self, field: Field, options: type[E]) -> tuple[E, ...]:
        """Return the chosen options. Without any, it is a mistake."""
        chosen = [self._known(field, it, options) for it in self.any_of(field)]
        if not chosen:
            self._mistakes[field] = _(NONE_CHOSEN)
        return tuple(it for it in chosen if it is not None)

    def address(self, field: Field) -> str:
        """Return a web address, or an empty text."""
        text = self.optional_text(field)
        if text and not _is_address(text):
            self._mistakes[field] = _(NOT_AN_ADDRESS)
        elif len(link(text).encode()) > ADDRESS_LIMIT:
            self._mistakes[field] = _(TOO_LONG)
        return text

    def check(self) -> None:
        """Check that every answer was good.

        Raises:
            BadAnswers: with all mistakes.
        """
        if self._mistakes:
            raise BadAnswers(self._mistakes)

    def _known(self, field: Field, chosen: str, options: type[E]) -> E | None:
        try:
            return options(chosen)
        except ValueError:
            self._mistakes[field] = _(UNKNOWN_OPTION)
            return None

    def _answer(self, field: str) -> dict[str, Any]:
        return self._values.get(field, {}).get(ANSWER, {})


def _is_address(text: str) -> bool:
    if any(character.isspace() or character in "<>" for character in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)

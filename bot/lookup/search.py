"""Parse what a person typed into a search for cases."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.business_time import at_wall_time
from bot.case import OVER, Status
from bot.errors import BotError
from bot.messages import N_
from bot.people import UserId

MOST_WORDS = 8
LONGEST = 60
"""Characters of a word; the rest is ignored."""

WHOLE = 3
"""Characters: shorter words must match whole words, others also match the start of a word."""

STATES = {
    "open": frozenset(Status) - OVER,
    "unclaimed": frozenset({Status.OPEN}),
    **{status.value: frozenset({status}) for status in Status if status is not Status.OPEN},
}
EXAMPLE = "/baton find invoice customer:acme owner:me state:open since:2026-03-01"

_PART = re.compile(r'(?:(\w+):)?("[^"]*"?|\S+)')
_WORD = re.compile(r"[^\W_]+")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


class NotUnderstood(BotError):
    """The typed text is not a valid search; the message gives an example."""


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """A search. All conditions must hold, and None or empty is no condition."""

    words: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()  # words of the customer's name
    owner: UserId | None = None
    states: frozenset[Status] | None = None
    since: datetime | None = None
    before: datetime | None = None


def read_search(text: str, *, by: UserId, zone: ZoneInfo) -> CaseQuery:
    """Parse a search like ``acme owner:@maya state:open since:2026-03-01``.

    Days are local to ``zone``; ``until`` includes its day. ``owner:me`` is ``by``.

    Raises:
        NotUnderstood: a filter has an invalid value, or the text has no searchable word.
    """
    words: list[str] = []
    filters: dict[str, str] = {}
    for name, value in _PART.findall(text):
        if name.lower() in ("customer", "owner", "state", "since", "until"):
            filters[name.lower()] = value.strip('"')
        else:
            words += words_in(f"{name} {value}")
    wanted = CaseQuery(
        words=tuple(words[:MOST_WORDS]),
        customer=words_in(filters.get("customer", ""))[:MOST_WORDS],
        owner=_owner(filters["owner"], by) if "owner" in filters else None,
        states=_states(filters["state"]) if "state" in filters else None,
        since=_midnight(filters["since"], zone) if "since" in filters else None,
        before=_midnight(filters["until"], zone, days=1) if "until" in filters else None,
    )
    if wanted == CaseQuery():
        raise NotUnderstood(
            N_("Type a word to search for. For example: {example}"), example=EXAMPLE
        )
    return wanted


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text, without punctuation."""
    return tuple(word[:LONGEST] for word in _WORD.findall(text))


def _owner(text: str, by: UserId) -> UserId:
    if text.lower() in ("me", "@me"):
        return by
    if (found := _MENTION.fullmatch(text)) is None:
        raise NotUnderstood(
            N_(
                "I don't know the owner “{owner}”. Pick a person from the list after owner:@, or "
                "try owner:me"
            ),
            owner=_shown(text),
        )
    return UserId(found[1])


def _states(text: str) -> frozenset[Status]:
    if (states := STATES.get(text.lower())) is None:
        raise NotUnderstood(
            N_("“{state}” is not a state. Use one of: {states}"),
            state=_shown(text),
            states=", ".join(STATES),
        )
    return states


def _midnight(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime:
    try:
        return at_wall_time(date.fromisoformat(text) + timedelta(days), time(0), zone)
    except (ValueError, OverflowError):
        raise NotUnderstood(
            N_("“{day}” is not a date. Write it like 2026-03-01."), day=_shown(text)
        ) from None


def _shown(text: str) -> str:
    return text[:40]

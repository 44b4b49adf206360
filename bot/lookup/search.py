"""What somebody looks for among the cases, read from what they typed."""

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
"""Letters of a word: what follows them is not looked at."""
WHOLE = 3
"""Letters: a shorter word is looked for as it is, a longer one as a beginning, too."""

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
    """What the person typed is not a search; the message says what would be one."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    words: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()  # words of the name
    owner: UserId | None = None
    states: frozenset[Status] | None = None
    since: datetime | None = None
    before: datetime | None = None


def read_search(text: str, *, by: UserId, zone: ZoneInfo) -> Wanted:
    """``acme owner:@maya state:open since:2026-03-01``: days are those of ``zone``.

    Raises:
        NotUnderstood: one of its parts is nothing that could be looked for.
    """
    words: list[str] = []
    asked: dict[str, str] = {}
    for name, value in _PART.findall(text):
        if name.lower() in ("customer", "owner", "state", "since", "until"):
            asked[name.lower()] = value.strip('"')
        else:
            words += words_in(f"{name} {value}")
    wanted = Wanted(
        words=tuple(words[:MOST_WORDS]),
        customer=words_in(asked.get("customer", ""))[:MOST_WORDS],
        owner=_owner(asked["owner"], by) if "owner" in asked else None,
        states=_states(asked["state"]) if "state" in asked else None,
        since=_midnight(asked["since"], zone) if "since" in asked else None,
        before=_midnight(asked["until"], zone, days=1) if "until" in asked else None,
    )
    if wanted == Wanted():
        raise NotUnderstood(
            N_("Type a word to search for. For example: {example}"), example=EXAMPLE
        )
    return wanted


def words_in(text: str) -> tuple[str, ...]:
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

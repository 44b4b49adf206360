"""What one person asks for twice, or too often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.case import NewCase
from bot.errors import SaidAlready, TooManyCases
from bot.people import CaseId
from bot.text import one_line

SOON = timedelta(seconds=60)


@dataclass(frozen=True)
class Quota:
    """How many cases may be opened in a minute."""

    of_one: int = 10  # by one person
    of_all: int = 600  # in one workspace


@dataclass(frozen=True)
class Escalated:
    """What somebody escalated a moment ago."""

    case: CaseId
    customer: str
    summary: str


def check_quota(
    wanted: NewCase, lately: Sequence[Escalated], quota: Quota, *, sure: bool = False
) -> None:
    """Whether somebody may open a case, after all that they escalated in the last minute.

    Raises:
        SaidAlready: they said the same, and are not ``sure`` that they want another.
        TooManyCases: as many as Baton takes of one person.
    """
    if len(lately) >= quota.of_one:
        raise TooManyCases(quota.of_one)
    words = _words(wanted)
    same = [it.case for it in lately if _words(it) == words]
    if same and not sure:
        raise SaidAlready(same[0])


def check_quota_of_all(of_all_ago: datetime | None, quota: Quota, *, at: datetime) -> None:
    """``of_all_ago`` is when the case was opened that is so many before the new one.

    Raises:
        TooManyCases: as many as Baton takes of one workspace.
    """
    if of_all_ago is not None and at - of_all_ago < SOON:
        raise TooManyCases(quota.of_all)


def _words(told: NewCase | Escalated) -> tuple[str, str]:
    return one_line(told.customer).casefold(), one_line(told.summary).casefold()

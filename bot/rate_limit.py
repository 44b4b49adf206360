"""Limits on opening cases: no accidental duplicates, and a quota per person and workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.case import NewCase
from bot.errors import SaidAlready, TooManyCases
from bot.people import CaseId
from bot.text import one_line

SOON = timedelta(seconds=60)
"""The window of the rate limit and of the duplicate check."""


@dataclass(frozen=True)
class Quota:
    """How many cases may be opened per minute."""

    of_one: int = 10  # by one person
    of_all: int = 600  # in one workspace


@dataclass(frozen=True)
class Escalated:
    """A case that the same person escalated in the last minute."""

    case: CaseId
    customer: str
    summary: str


def check_quota(
    wanted: NewCase, lately: Sequence[Escalated], quota: Quota, *, sure: bool = False
) -> None:
    """Check a new case against what the same person escalated in the last minute.

    Raises:
        SaidAlready: it repeats one of their cases, and they are not ``sure`` that they want both.
        TooManyCases: the person has reached their quota.
    """
    if len(lately) >= quota.of_one:
        raise TooManyCases(quota.of_one)
    key = _comparison_key(wanted)
    same = [it.case for it in lately if _comparison_key(it) == key]
    if same and not sure:
        raise SaidAlready(same[0])


def check_quota_of_all(of_all_ago: datetime | None, quota: Quota, *, at: datetime) -> None:
    """Check a new case against the quota of the whole workspace.

    ``of_all_ago`` is when the case ``quota.of_all`` places before the new one was opened, or None
    if the workspace has fewer cases.

    Raises:
        TooManyCases: the workspace has reached its quota.
    """
    if of_all_ago is not None and at - of_all_ago < SOON:
        raise TooManyCases(quota.of_all)


def _comparison_key(case: NewCase | Escalated) -> tuple[str, str]:
    return one_line(case.customer).casefold(), one_line(case.summary).casefold()

"""Limits on opening cases: no accidental duplicates, and a quota per person and workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.case import NewCase
from bot.errors import RepeatedEscalation, TooManyCases
from bot.people import CaseId
from bot.text import one_line

RATE_WINDOW = timedelta(seconds=60)
"""The window of the rate limit and of the duplicate check."""


@dataclass(frozen=True)
class Quota:
    """How many cases may be opened per minute."""

    per_person: int = 10  # by one person
    per_workspace: int = 600  # in one workspace


@dataclass(frozen=True)
class Escalated:
    """A case that the same person escalated in the last minute."""

    case: CaseId
    customer: str
    summary: str


def check_quota(
    wanted: NewCase, recent: Sequence[Escalated], quota: Quota, *, sure: bool = False
) -> None:
    """Check a new case against what the same person escalated in the last minute.

    Raises:
        RepeatedEscalation: it repeats one of their cases, and they are not ``sure`` of both.
        TooManyCases: the person has reached their quota.
    """
    if len(recent) >= quota.per_person:
        raise TooManyCases(quota.per_person)
    key = _comparison_key(wanted)
    same = [it.case for it in recent if _comparison_key(it) == key]
    if same and not sure:
        raise RepeatedEscalation(same[0])


def check_workspace_quota(opened_at: datetime | None, quota: Quota, *, at: datetime) -> None:
    """Check a new case against the quota of the whole workspace.

    ``opened_at`` is when the case ``quota.per_workspace`` places before the new one was opened,
    or None if the workspace has fewer cases.

    Raises:
        TooManyCases: the workspace has reached its quota.
    """
    if opened_at is not None and timedelta(0) <= at - opened_at < RATE_WINDOW:
        raise TooManyCases(quota.per_workspace)


def _comparison_key(case: NewCase | Escalated) -> tuple[str, str]:
    return one_line(case.customer).casefold(), one_line(case.summary).casefold()

"""Builders for the plain objects that tests of rules need: a team, people, a case."""

from datetime import UTC, datetime

from bot.case import Case, NewCase, Reason
from bot.people import CaseId, ChannelId, GroupId, Person, Standing, TeamId, UserId
from bot.priority import Priority
from bot.team import read_team
from bot.team.team import Team
from tests.world import MONDAY_9AM, SUPPORT, TEAM


def a_member(user: str, *groups: str) -> Person:
    return Person(UserId(user), frozenset(map(GroupId, groups)), Standing.MEMBER)


ANA, MAYA, LEO = a_member("U0ANA"), a_member("U0MAYA"), a_member("U0LEO")
BEN = a_member("U0BEN", "S0MANAGERS")


def berlin(text: str) -> datetime:
    """Return the UTC time of ``2026-03-06 17:50`` in Berlin, in winter."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


def a_team(source: str = TEAM, *, at: datetime = MONDAY_9AM) -> Team:
    return Team.start(TeamId(1), read_team(source), ChannelId(SUPPORT), at=at)


def a_new_case(**facts: object) -> NewCase:
    defaults = {
        "customer": "Acme",
        "summary": "Nobody can log in",
        "reasons": (Reason.RISK,),
        "priority": Priority.URGENT,
    }
    return NewCase(**{**defaults, **facts})  # type: ignore[arg-type]  # facts are of any type


def a_case(
    *, at: datetime = MONDAY_9AM, team: Team | None = None, number: int = 1, **facts: object
) -> Case:
    """Return an open, urgent case reported by Ana; ``facts`` override the defaults."""
    new_case = a_new_case(**facts)
    return Case.open(new_case, team or a_team(), id_=CaseId(number), by=ANA, at=at)

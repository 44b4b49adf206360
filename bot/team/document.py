"""A team's document: who they are, when they are open, what they promise and who hears of it."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.business_time import ALWAYS, WEEKDAYS, Calendar, at_wall_time, time_zone
from bot.people import ChannelId
from bot.priority import Priority
from bot.team.levels import Level
from bot.team.policies import Policy
from bot.team.sections import (
    OFFICE,
    STARTER_ESCALATION,
    CalendarSection,
    DepartmentSection,
    DigestSection,
    EscalationSection,
    GoodwillSection,
    PolicySection,
    QuestionSection,
    Section,
    TeamSection,
)
from bot.team.texts import Text

ALWAYS_NAME = "24x7"
OFFICE_NAME = "office"
MOST_QUESTIONS = 10
MOST_LEVELS = 6


STARTER_CALENDARS = {OFFICE_NAME: OFFICE}
Calendars = Annotated[
    dict[Text, CalendarSection],
    Field(max_length=100),
    AfterValidator(lambda written: written or STARTER_CALENDARS),
]


class TeamDocument(Section):
    """Comes from ``read_team`` or ``team_from_json``, which check it as a whole."""

    team: TeamSection
    calendars: Calendars = STARTER_CALENDARS
    policies: tuple[PolicySection, ...] = Field(
        default=(PolicySection(name="Standard"),), min_length=1, max_length=100
    )
    escalation: tuple[EscalationSection, ...] = Field(
        default=STARTER_ESCALATION, max_length=MOST_LEVELS
    )
    questions: tuple[QuestionSection, ...] = Field(default=(), max_length=100)
    digest: DigestSection = DigestSection()
    departments: dict[Text, DepartmentSection] = Field(default={}, max_length=50)
    goodwill: GoodwillSection = GoodwillSection()

    def questions_for(self, category: str) -> list[QuestionSection]:
        """Upper and lower case are the same. More than a form has room for are not asked."""
        meant = category.casefold()
        return [it for it in self.questions if it.category.casefold() == meant][:MOST_QUESTIONS]

    def calendar(self, name: str) -> Calendar:
        """Raises KeyError if there is none of that name; ``24x7`` there is always."""
        if name == ALWAYS_NAME:
            return ALWAYS
        return built(self.calendars[name], self.team.timezone)

    def policy(self, name: str) -> Policy:
        """Raises KeyError if there is none of that name."""
        for section in self.policies:
            if section.name == name:
                return self._built_policy(section)
        raise KeyError(name)

    def policy_for(
        self,
        *,
        priority: Priority,
        category: str | None = None,
        source: str | None = None,
        tier: str | None = None,
        customer: str | None = None,
    ) -> Policy:
        """The first that fits; the last one fits every case."""
        facts = {
            "priority": str(priority),
            "category": category,
            "source": source,
            "tier": tier,
            "customer": customer,
            "team": self.team.name,
        }
        in_force = map(self._built_policy, self.policies)
        return next(policy for policy in in_force if policy.fits(facts))

    @property
    def notified_channels(self) -> list[ChannelId]:
        """The channels besides the team's own that a level tells, or that are asked."""
        told = [id_ for level in self.escalation for id_ in level.notify]
        told += [asked.channel for asked in self.departments.values()]
        return [ChannelId(id_) for id_ in dict.fromkeys(told) if id_.startswith(("C", "G"))]

    def levels_for(self, policy: Policy) -> tuple[Level, ...]:
        """The escalation levels, as they count for the cases of a policy."""
        return tuple(
            _level(
                section,
                number,
                policy.calendar,
                self.calendar(section.hours) if section.hours is not None else None,
            )
            for number, section in enumerate(self.escalation, start=1)
        )

    def digest_due(self, after: datetime) -> tuple[date, datetime]:
        """The next digest after that instant and not at it: its local date, and when it is due.

        A date that a zone leaves out has none.
        """
        zone = time_zone(self.team.timezone)
        at = time.fromisoformat(self.digest.at)
        day = after.astimezone(zone).date() - timedelta(1)
        while True:
            due = at_wall_time(day, at, zone)
            if due > after and self._has_digest(day):
                return day, due
            day += timedelta(1)

    def _has_digest(self, day: date) -> bool:
        zone = time_zone(self.team.timezone)
        midnight, next_one = (at_wall_time(day + timedelta(n), time(0), zone) for n in (0, 1))
        return WEEKDAYS[day.weekday()] in self.digest.days and midnight < next_one

    def _built_policy(self, section: PolicySection) -> Policy:
        name = calendar_of(section, self.calendars.keys())
        return _bound(section, name, self.calendar(name), self.team.timezone)


def calendar_of(section: PolicySection, names: Collection[str]) -> str:
    """The calendar that a policy means: if it names none, ``office``, or the only one."""
    if section.calendar is not None:
        return section.calendar
    return next(iter(names)) if len(names) == 1 else OFFICE_NAME


@lru_cache(maxsize=256)
def built(section: CalendarSection, zone: str) -> Calendar:
    """Kept by what it says, so that a document read again need not work out its years again."""
    return section.calendar(zone)


@lru_cache(maxsize=1024)
def _level(
    section: EscalationSection, number: int, calendar: Calendar, hours: Calendar | None
) -> Level:
    return Level.of(section, number, calendar, hours)


@lru_cache(maxsize=1024)
def _bound(section: PolicySection, name: str, calendar: Calendar, zone: str) -> Policy:
    return Policy.of(section, calendar_name=name, calendar=calendar, zone=zone)

"""A team file: its people, opening hours, SLA policies and escalation levels."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.business_time import ALWAYS, WEEKDAYS, Calendar, at_wall_time, time_zone
from bot.people import ChannelId, is_channel
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
    AfterValidator(lambda calendars: calendars or STARTER_CALENDARS),
]


class TeamDocument(Section):
    """A team file.

    Read one with ``read_team`` or ``team_from_json``, which also check it as a whole.
    """

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
        """Return the questions of a category, ignoring case, as many as fit in a form."""
        wanted = category.casefold()
        return [it for it in self.questions if it.category.casefold() == wanted][:MOST_QUESTIONS]

    def calendar(self, name: str) -> Calendar:
        """Return the calendar with this name; ``24x7`` always exists.

        Raises:
            KeyError: there is no such calendar.
        """
        if name == ALWAYS_NAME:
            return ALWAYS
        return build_calendar(self.calendars[name], self.team.timezone)

    def policy(self, name: str) -> Policy:
        """Return the policy with this name.

        Raises:
            KeyError: there is no such policy.
        """
        for section in self.policies:
            if section.name == name:
                return self._policy(section)
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
        """Return the first policy that fits a case with these facts; the last fits every case."""
        facts = {
            "priority": str(priority),
            "category": category,
            "source": source,
            "tier": tier,
            "customer": customer,
            "team": self.team.name,
        }
        policies = map(self._policy, self.policies)
        return next(policy for policy in policies if policy.fits(facts))

    def names(self, fact: str, word: str) -> bool:
        """Return whether the document names this ``category`` or ``tier``, ignoring case."""
        wanted = word.casefold()
        in_policies = (it.when.conditions().get(fact, ()) for it in self.policies)
        in_questions = [it.category.casefold() for it in self.questions if fact == "category"]
        return wanted in in_questions or any(wanted in words for words in in_policies)

    @property
    def notified_channels(self) -> list[ChannelId]:
        """The channels of escalation levels and departments, without duplicates."""
        recipients = [id_ for level in self.escalation for id_ in level.notify]
        recipients += [department.channel for department in self.departments.values()]
        # Slack ids of channels begin with C, those of older private channels with G.
        return [ChannelId(id_) for id_ in dict.fromkeys(recipients) if is_channel(id_)]

    def levels_for(self, policy: Policy) -> tuple[Level, ...]:
        """Return the escalation levels, with offsets in open time of the policy's calendar."""
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
        """Return the local date and the instant of the first digest strictly after an instant.

        A local date that the time zone skips has no digest.
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

    def _policy(self, section: PolicySection) -> Policy:
        name = calendar_of(section, self.calendars.keys())
        return _build_policy(section, name, self.calendar(name), self.team.timezone)


def calendar_of(section: PolicySection, names: Collection[str]) -> str:
    """Return the name of a policy's calendar; the default is the only calendar, else ``office``."""
    if section.calendar is not None:
        return section.calendar
    return next(iter(names)) if len(names) == 1 else OFFICE_NAME


@lru_cache(maxsize=256)
def build_calendar(section: CalendarSection, zone: str) -> Calendar:
    """Build a calendar. The cache keeps its computed years when a document is read again."""
    return section.calendar(zone)


@lru_cache(maxsize=1024)
def _level(
    section: EscalationSection, number: int, calendar: Calendar, hours: Calendar | None
) -> Level:
    return Level.of(section, number, calendar, hours)


@lru_cache(maxsize=1024)
def _build_policy(section: PolicySection, name: str, calendar: Calendar, zone: str) -> Policy:
    return Policy.of(section, calendar_name=name, calendar=calendar, zone=zone)

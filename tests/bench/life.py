"""Typical cases: one that was just opened, and one with five clocks and ten events."""

from datetime import datetime, timedelta

from bot.case import Case, NewCase, Reason
from bot.people import CaseId
from bot.priority import Priority
from bot.team import Waiting
from bot.team.team import Team
from tests.builders import a_member
from tests.world import MONDAY_9AM

NOON = MONDAY_9AM + timedelta(hours=5)
"""The time of the measurements. The next update of the case with a history is overdue then."""
LATE = timedelta(minutes=1)

OFFICE = """
[team]
name = "Support"
channel = "C0SUPPORT"
timezone = "UTC"
managers = ["U0MAYA"]
leads = ["U0LEO"]

[calendars.office]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

[[policies]]
name = "Standard"
calendar = "office"
targets.urgent = { claim = "15m", first_response = "30m", next_response = "1h", \
update = "1h", resolution = "8h" }
targets.high = { claim = "30m", first_response = "1h", next_response = "2h", \
update = "1h", resolution = "12h" }
targets.normal = { claim = "2h" }
targets.low = {}
"""

LONGER = OFFICE.replace('mon = ["09:00-18:00"]', 'mon = ["08:00-17:00"]')
"""The same with an edited calendar, so that every running clock gets a different due time."""

ANA, MAYA = a_member("U0ANA"), a_member("U0MAYA")


def just_opened(team: Team, number: int, priority: Priority, *, at: datetime = MONDAY_9AM) -> Case:
    wanted = NewCase(
        customer="Acme",
        summary="Nobody can log in since this morning. They asked twice. " * 5,
        reasons=(Reason.RISK,),
        priority=priority,
        ticket_link="https://help.example.com/4711",
    )
    return Case.open(wanted, team, id_=CaseId(number), by=ANA, at=at)


def case_with_history(team: Team, number: int) -> Case:
    """Return a case opened when the office opens, with ten more events in the next two hours."""
    opened = MONDAY_9AM + timedelta(hours=1)
    case = just_opened(team, number, Priority.URGENT, at=opened)

    def later(minutes: int) -> datetime:
        return opened + timedelta(minutes=minutes)

    case.claim(by=MAYA, at=later(10))
    case.contact("We are at it.", by=MAYA, at=later(20))
    case.log_reply("Any news?", by=MAYA, at=later(40))
    case.update("Found it.", by=MAYA, at=later(50))
    case.contact("We found it.", by=MAYA, at=later(60))
    case.wait(Waiting.CUSTOMER, "Try", resume_by=later(600), by=MAYA, at=later(70))
    case.log_reply("Better.", by=MAYA, at=later(100))
    case.change_priority(Priority.HIGH, "Better.", by=MAYA, at=later(110))
    case.contact("Glad to hear it.", by=MAYA, at=later(120))
    case.update("Watching it.", by=MAYA, at=later(130))
    return case

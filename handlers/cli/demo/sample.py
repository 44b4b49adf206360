"""The people, the team and the cases of the demo."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.sandbox import Sandbox

SUPPORT, BILLING = "C0SUPPORT", "C0BILLING"

TEAM = """\
# Support's document. After a change: baton config check FILE, baton config apply FILE
[team]
name = "Support"
channel = "C0SUPPORT"
timezone = "Europe/Berlin"
managers = ["U0MAYA", "S0MANAGERS"]
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
targets.urgent = { claim = "15m", first_response = "30m", update = "1h", resolution = "4h" }
targets.high = { claim = "30m", first_response = "1h", update = "4h", resolution = "1d" }
targets.normal = { claim = "2h", first_response = "4h", update = "1d", resolution = "3d" }
targets.low = { claim = "4h", first_response = "1d", update = "2d", resolution = "5d" }

[digest]
at = "09:00"
"""

PEOPLE = (
    ("U0ANA", "ana", "Ana Duarte", "Support agent", "Europe/Lisbon"),
    ("U0MAYA", "maya", "Maya Stern", "Support manager", "Europe/Berlin"),
    ("U0BEN", "ben", "Ben Okoro", "Support manager", "Europe/Berlin"),
    ("U0LEO", "leo", "Leo Brandt", "Head of support", "Europe/Berlin"),
)


@dataclass(frozen=True)
class SampleCase:
    """A case of the demo: escalated ``after`` the one before it, and what became of it."""

    after: timedelta
    reporter: str
    answers: dict[str, object]
    owner: str | None = None
    resolution: dict[str, object] | None = None


YESTERDAY = (
    SampleCase(
        timedelta(0),
        "U0ANA",
        {
            "Customer": "Nordlicht Bank",
            "What happened?": "Card payments have been declined since 13:40, in all branches. "
            "Their operations desk calls every ten minutes.",
            "Why does it need a manager?": ["Risk", "Dissatisfaction"],
            "Priority": "Urgent",
            "Category": "Outage",
            "Source": "Phone",
            "What does the customer want?": "A named contact, and news every hour",
        },
        owner="U0MAYA",
        resolution={
            "What was the outcome?": "Payments work again since 14:10. They thanked us for the "
            "hourly calls; a fee of 400 € is waived.",
            "What was the root cause?": "An expired certificate at the acquirer",
            "How will we prevent it?": "We watch the expiry dates of all acquirers (Ben, Friday)",
        },
    ),
    SampleCase(
        timedelta(minutes=50),
        "U0ANA",
        {
            "Customer": "Café Lumière",
            "What happened?": "Charged twice for October, and twice told that it was mended.",
            "Why does it need a manager?": ["Dissatisfaction"],
            "Priority": "Normal",
            "Category": "Billing",
            "Ticket link": "https://desk.example.com/tickets/88213",
            "Source": "E-mail",
            "What does the customer want?": "The money back, and a person who owns it",
        },
        owner="U0BEN",
    ),
)

TODAY = (
    SampleCase(
        timedelta(minutes=20),
        "U0ANA",
        {
            "Customer": "Atlas Logistics",
            "What happened?": "The import has dropped 1,200 orders since the weekend. They go to "
            "the press at noon unless somebody senior calls.",
            "Why does it need a manager?": ["Risk", "Complexity"],
            "Priority": "High",
            "Category": "Data loss",
            "Source": "Chat",
            "What does the customer want?": "A call from somebody who can decide",
        },
    ),
)


def furnish(slack: Sandbox) -> None:
    """Put the people and their channels into a workspace that has the app already."""
    there = slack.workspace
    for id_, name, real_name, title, zone in PEOPLE:
        there.add_person(id_, name, real_name, title=title, tz=zone)
    everyone = [person[0] for person in PEOPLE]
    there.add_channel(
        SUPPORT, "support", members=[*everyone, there.app.user], topic="Escalated cases"
    )
    there.add_channel(BILLING, "billing", members=everyone, topic="Invoices and refunds")
    there.add_group("S0MANAGERS", "managers", members=["U0BEN"])

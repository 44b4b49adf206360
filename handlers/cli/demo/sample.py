"""Sample data of the demo: people, a team and cases."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.sandbox import Sandbox

SUPPORT, BILLING = "C0SUPPORT", "C0BILLING"

TEAM = """\
# Support's document. After a change: baton config check FILE, then baton config apply FILE
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
    """A sample case, escalated ``after`` the previous one, with its owner and resolution if any."""

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
            "What happened?": "Card payments have been declined in all branches since 13:40. "
            "Their operations desk calls us every ten minutes.",
            "Why does it need a manager?": ["Risk", "Dissatisfaction"],
            "Priority": "Urgent",
            "Category": "Outage",
            "Source": "Phone",
            "What does the customer want?": "A named contact and an update every hour",
        },
        owner="U0MAYA",
        resolution={
            "What was the outcome?": "Payments have worked again since 14:10. They thanked us for "
            "the hourly calls; we waived a fee of 400 €.",
            "What was the root cause?": "An expired certificate at the acquirer",
            "How will we prevent it?": "An alert before any certificate expires (Ben, by Friday)",
        },
    ),
    SampleCase(
        timedelta(minutes=50),
        "U0ANA",
        {
            "Customer": "Café Lumière",
            "What happened?": "They were charged twice for October. We promised a fix twice, "
            "and the refund still has not arrived.",
            "Why does it need a manager?": ["Dissatisfaction"],
            "Priority": "Normal",
            "Category": "Billing",
            "Ticket link": "https://desk.example.com/tickets/88213",
            "Source": "E-mail",
            "What does the customer want?": "A refund, and one person who takes care of it",
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
            "What happened?": "The import has dropped 1,200 orders since the weekend. They will "
            "go to the press at noon unless a senior manager calls.",
            "Why does it need a manager?": ["Risk", "Complexity"],
            "Priority": "High",
            "Category": "Data loss",
            "Source": "Chat",
            "What does the customer want?": "A call from a person who can make decisions",
        },
    ),
)


def furnish(slack: Sandbox) -> None:
    """Add the people, channels and user groups to a workspace that has the app installed."""
    workspace = slack.workspace
    for id_, name, real_name, title, zone in PEOPLE:
        workspace.add_person(id_, name, real_name, title=title, tz=zone)
    everyone = [person[0] for person in PEOPLE]
    workspace.add_channel(
        SUPPORT, "support", members=[*everyone, workspace.app.user], topic="Escalated cases"
    )
    workspace.add_channel(BILLING, "billing", members=everyone, topic="Invoices and refunds")
    workspace.add_group("S0MANAGERS", "managers", members=["U0BEN"])

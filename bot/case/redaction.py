"""Redact restricted cases for people who may not read them: they see that the case exists.

The rule: what Baton has posted shows what a case says only to people who may read the case now.
When a case is restricted, when the restriction is lifted, and when its readers change, every
message about it is composed again for those who see it:

- in channels (card, thread, question to a department, digest, combined reminders, copies of
  undelivered messages), as for a person who may not read it;
- in a direct message and on a Home tab, as for its one reader.

A message that is on its way, or may be, is edited as soon as it is found. Cases that were merged
into it, and the case that it continues, tell the same story and are restricted with it.

Out of reach: what was read before, forms that are open, ephemeral replies, and what people wrote.
The person who restricts the case and its owner get links to what people wrote in its threads.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from bot.case.case import Case
from bot.case.event import Event
from bot.case.facts import Fact, FactChange
from bot.case.permissions import may_read
from bot.case.task import Task
from bot.delivery import Audience, Delivery
from bot.people import Person
from bot.team import Policy

REDACTED = "restricted"
"""Shown instead of a redacted text."""


class RedactedCase(Case):
    """A copy of a case for display, without its facts.

    The policy is copied from the original, because it depends on facts that are redacted here.
    """

    promised: Policy

    @property
    def policy(self) -> Policy:
        return self.promised


def redacted_for(reader: Person | None, case: Case, *, strangers: bool = False) -> Case:
    """Return the case as ``reader`` may see it; None stands for everyone in a channel.

    ``strangers`` says that people of another company are in that channel.
    """
    if strangers:
        return _redacted(case)
    if not case.restricted or (reader is not None and may_read(reader, case.team, case)):
        return case
    return _redacted(case)


def restrict_alike(case: Case, earlier: Sequence[Case], *, by: Person, at: datetime) -> None:
    """Restrict the earlier cases like this one, or lift their restrictions.

    A person lifts only the restrictions of cases that they may read.
    """
    for one in earlier:
        if case.restricted or may_read(by, one.team, one):
            one.restrict_like(case, by=by, at=at)


def is_hidden_from(reader: Person | None, case: Case) -> bool:
    """Return whether ``reader`` sees the case redacted; None stands for everyone in a channel."""
    return redacted_for(reader, case) is not case


def is_outdated(
    message: Delivery, case: Case, reader: Person | None, *, switched: bool, moved: bool
) -> bool:
    """Return whether a message about a case must be composed again for its reader.

    ``switched`` says that the case was restricted, or the restriction lifted, in this transaction;
    ``moved`` that its owner or a pending hand-off changed, and with it its readers. A message
    without a case of its own lists many: what it hides of the others is not known.
    """
    hidden = is_hidden_from(reader, case)
    if reader is None or message.audience is Audience.FOLLOWER:
        return switched
    if message.case is None:
        return switched or (hidden and (moved or not message.redacted))
    return hidden != message.redacted


def all_redacted_for(reader: Person | None, cases: Sequence[Case]) -> list[Case]:
    return [redacted_for(reader, case) for case in cases]


def readable_by(reader: Person, cases: Sequence[Case]) -> list[Case]:
    """Return the cases that the reader may read.

    For search results: a redacted hit would still reveal that the search words are in the case.
    """
    return [case for case in cases if may_read(reader, case.team, case)]


def _redacted(case: Case) -> Case:
    facts = {field.name: getattr(case, field.name) for field in fields(case)}
    left_out = {
        "customer": REDACTED,
        "customer_key": "",
        "opened_tier": "",
        "summary": REDACTED,
        "reasons": (),
        "category": "",
        "ticket_link": "",
        "source": None,
        "wish": "",
        "answers": "",
        "mood": None,
        "public_complaint": False,
        "churn_risk": False,
        "outcome": _placeholder_for(case.outcome),
        "root_cause": _placeholder_for(case.root_cause),
        "prevention": _placeholder_for(case.prevention),
        "miss_reason": None,
        "miss_note": "",
        "tasks": list(map(_redacted_task, case.tasks)),
        "history": list(map(_redacted_event, case.history)),
    }
    redacted = RedactedCase(**facts | left_out)
    redacted.promised = case.policy
    return redacted


def _redacted_event(event: Event) -> Event:
    return replace(
        event,
        note=_placeholder_for(event.note),
        next_step=_placeholder_for(event.next_step),
        changes=(FactChange(Fact.RESTRICTED, "", REDACTED),) if event.changes else (),
        notifications=[],
    )


def _redacted_task(task: Task) -> Task:
    return replace(task, asked=REDACTED, answer=_placeholder_for(task.answer))


def _placeholder_for(text: str) -> str:
    return REDACTED if text else ""

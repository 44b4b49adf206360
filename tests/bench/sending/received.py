"""The messages that people received after an outage, by the outbox and by Slack's own log."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import and_, select

from bot.case.recipients import NUDGES
from bot.case.urgency import URGENCY
from bot.delivery import DeliveryKind, State
from storage import Store
from storage.tables import cases, deliveries, events

Line = tuple[str, float]  # the channel or person, and the time, of a posted message
UNSEEN = timedelta(seconds=1)
"""A queued message becomes visible to the sender only when its transaction commits."""
SEVERITY = {kind: -place for place, kind in enumerate(NUDGES)}

NUDGES_WITH_EVENTS = (
    select(deliveries, events.c.kind.label("step"), cases.c.priority)
    .join(
        events,
        and_(
            events.c.workspace == deliveries.c.workspace,
            events.c.case == deliveries.c.case,
            events.c.number == deliveries.c.event,
        ),
    )
    .join(cases, and_(cases.c.workspace == events.c.workspace, cases.c.id == events.c.case))
    .where(deliveries.c.kind == DeliveryKind.NUDGE)
)
GATHERED = select(deliveries).where(deliveries.c.kind == DeliveryKind.GATHERED)


@dataclass(frozen=True)
class Nudge:
    """One event of a case in a message. A lower ``severity`` is more urgent."""

    case: int
    event: int
    queued_at: datetime
    severity: tuple[int, int]


@dataclass
class Message:
    lane: str
    tried_at: datetime
    ts: float
    nudges: list[Nudge]

    def goes_before(self, later: "Message") -> bool:
        """Return whether ``later`` has no nudge that was more urgent and was already queued."""
        worst: dict[int, tuple[int, int]] = {}  # by case
        for it in self.nudges:
            worst[it.case] = min(it.severity, worst.get(it.case, it.severity))
        least = max(worst.values())
        queued = [it.severity for it in later.nudges if it.queued_at < self.tried_at - UNSEEN]
        return not queued or min(queued) >= least


@dataclass
class Received:
    messages: list[Message]
    unsent: int  # nudges that no sent message contains
    dropped: int  # nudges that were outdated

    @classmethod
    def read(cls, store: Store, *, until: datetime) -> "Received":
        """Read the messages for the nudges that were queued by ``until``."""
        with store.database.reading.connect() as connection:
            rows = connection.execute(
                NUDGES_WITH_EVENTS.where(deliveries.c.queued_at <= until)
            ).all()
            gathered = {row.key: row for row in connection.execute(GATHERED)}
        messages: dict[str, Message] = {}
        unsent = dropped = 0
        for row in rows:
            sent = gathered[row.about] if row.state is State.GATHERED else row
            if sent.state is not State.SENT:
                unsent, dropped = unsent + 1, dropped + (sent.state is State.DROPPED)
                continue
            message = Message(sent.lane, sent.tried_at, float(sent.ts), [])
            nudge = Nudge(
                row.case, row.event, row.queued_at, (SEVERITY[row.step], URGENCY[row.priority])
            )
            messages.setdefault(sent.key, message).nudges.append(nudge)
        return cls(list(messages.values()), unsent - dropped, dropped)

    @property
    def by_lane(self) -> dict[str, list[Message]]:
        """Return the messages of each channel and person, in Slack's order."""
        found: dict[str, list[Message]] = defaultdict(list)
        for message in sorted(self.messages, key=lambda it: it.ts):
            found[message.lane].append(message)
        return found

    def out_of_order(self) -> tuple[int, int]:
        """Count the consecutive messages of all lanes that are in the wrong order, and all."""
        pairs = [pair for lane in self.by_lane.values() for pair in pairwise(lane)]
        return sum(not one.goes_before(then) for one, then in pairs), len(pairs)

    def twice(self) -> tuple[int, int]:
        """Count the case events, and the cases, that were sent more than once in a lane."""
        steps = Counter((m.lane, n.case, n.event) for m in self.messages for n in m.nudges)
        of_case = Counter((lane, case) for lane, case, _ in steps)
        return sum(it > 1 for it in steps.values()), sum(it > 1 for it in of_case.values())


def shortest_gap(lines: Iterable[Line]) -> float:
    """Return the shortest interval between two messages in the same place, in seconds."""
    places: dict[str, list[float]] = defaultdict(list)
    for place, at in lines:
        places[place].append(at)
    gaps = [then - one for ats in places.values() for one, then in pairwise(sorted(ats))]
    return min(gaps, default=0.0)


def part(seconds: Sequence[float], which: float) -> float:
    return sorted(seconds)[int(which * (len(seconds) - 1))]

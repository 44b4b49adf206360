"""What a delivery carries from due to settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.kinds import AGED, EDITS, PICTURES, Audience, Kind, State
from bot.delivery.tries import HINDSIGHT
from bot.people import CaseId, ChannelId

INSTANT = timedelta(microseconds=1)
STANDS_BACK = timedelta(seconds=10)
"""So long what is owed to one person lets a channel's go first, where all cannot go at once: that
a whole team knows counts for more.
"""


@dataclass(eq=False)
class DeliveryRecord:
    """The steps of its life stand on this."""

    key: str  # unique in its workspace: owed twice is one message
    kind: Kind
    audience: Audience
    channel: ChannelId
    owed_at: datetime  # its place in its lane
    due_at: datetime | None  # not before; None once settled
    case: CaseId | None = None
    event: int = 0  # the number of the event that it tells of
    about: str = ""  # the key of another delivery that this one stands for, or is part of
    lane: str = ""  # where it waits for its turn: its channel, unless something else is said
    state: State = State.OWED
    wanted: int = 1
    tries: int = 0
    failures: int = 0  # in a row
    looks: int = 0  # that have not found it, since it was tried last
    tried_at: datetime | None = None  # when it was last given to Slack
    lost_at: datetime | None = None  # when it was first given to Slack without an answer
    sent_at: datetime | None = None
    sweep_at: datetime | None = None  # when to look for a twin of it
    generation: int = 1  # a card that somebody deleted is posted anew, as another message
    repeated: bool = False  # it is marked as one that may have arrived already
    ts: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        self.lane = self.lane or self.channel

    @property
    def lanes(self) -> set[str]:
        """Where it waits, or will."""
        return {self.lane, EDITS, AGED} if self.kind in PICTURES else {self.lane}

    @property
    def is_for_one(self) -> bool:
        """Whether it goes to a person, and not to a channel."""
        return self.channel.startswith(("U", "W"))

    def stands_back(self, *, at: datetime) -> bool:
        """A Home tab does not, in its own lane: its person looks at it."""
        return self.lane.startswith(("U", "W")) and self.owed_at > at - STANDS_BACK

    @property
    def is_repeatable(self) -> bool:
        """Whether to do it again comes to the same end, so that a lost answer is no doubt."""
        return self.kind is Kind.HOME or self.ts is not None

    @property
    def is_in_doubt(self) -> bool:
        return self.state in (State.SENDING, State.IN_DOUBT) and not self.is_repeatable

    def go_before(self, other: "DeliveryRecord") -> None:
        """Take a place in their lane that is before the other's."""
        self.owed_at = other.owed_at - INSTANT

    @property
    def look_from(self) -> datetime:
        """The earliest instant at which a try that still matters could have arrived."""
        return (self.lost_at or self.tried_at or self.owed_at) - HINDSIGHT

    def _owe(self, *, at: datetime) -> None:
        self.state, self.owed_at, self.due_at, self.failures = State.OWED, at, at, 0

    def _end(self, state: State) -> None:
        self.state, self.due_at, self.failures, self.lost_at = state, None, 0, None

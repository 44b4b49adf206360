"""The daily digest of a team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.delivery import Audience, Delivery, DeliveryKind
from bot.people import CaseId, TeamId
from bot.team.team import Team


@dataclass(eq=False)
class Digest:
    """A team's digest of one local date: what happened in ``(since, until]``, and what is open."""

    team: TeamId
    local_date: date
    since: datetime
    until: datetime
    delivery: str  # the key of its message
    rows: tuple[CaseId, ...] | None = None  # the open cases that it lists; set before it is sent
    open_cases: int | None = None  # of the team, with those that it does not list

    @classmethod
    def make(cls, team: Team, *, at: datetime) -> tuple["Digest", Delivery] | None:
        """Return the digest that is due at ``at`` with its message, or None.

        However long an outage lasted, there is one digest, which covers everything since the
        last one.
        """
        if at < team.next_digest_at:
            return None
        while team.next_digest_at <= at:
            team.digested_on = day = team.next_digest_on
            team.plan_digest(after=team.next_digest_at)
        key = f"digest/{team.id}/{day}"
        digest = cls(team.id, day, team.digested_until, at, key)
        team.digested_until = at
        queued = Delivery(key, DeliveryKind.DIGEST, Audience.CHANNEL, team.channel, at, at)
        return digest, queued

    def list_cases(self, rows: Sequence[CaseId], open_cases: int) -> None:
        """Set the cases that it lists, unless an earlier try to send it did."""
        if self.rows is None:
            self.rows, self.open_cases = tuple(rows), open_cases


@dataclass(frozen=True)
class Figures:
    """The cases of a team that were opened, claimed, resolved or breached in a period."""

    opened: tuple[CaseId, ...]
    claimed: tuple[CaseId, ...]
    resolved: tuple[CaseId, ...]
    breached: tuple[CaseId, ...]

    @property
    def nothing_happened(self) -> bool:
        """Whether there is no case in any of the figures."""
        return not (self.opened or self.claimed or self.resolved or self.breached)

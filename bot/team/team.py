"""A team in force: its document, the revision of it, and when its next digest is due."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.people import ChannelId, GroupId, TeamId, UserId
from bot.team import TeamDocument


@dataclass(eq=False)
class Revision:
    """A team's document as it was applied, kept for good."""

    team: TeamId
    number: int
    source: str
    applied_at: datetime
    by: str


@dataclass(eq=False)
class Team:
    """One support team. ``channel`` is where its cards and its digest go: always an id."""

    id: TeamId
    name: str
    channel: ChannelId
    document: TeamDocument
    revision: int
    next_digest_on: date  # the local date that it is for
    next_digest_at: datetime
    digested_until: datetime  # the last digest told of all that happened until then
    digested_on: date | None = None  # the local date that the last digest was for

    @classmethod
    def start(
        cls, team: TeamId, document: TeamDocument, channel: ChannelId, *, at: datetime
    ) -> "Team":
        day, due = document.digest_due(at)
        before = at - datetime.resolution  # so that its first instant is in its first digest
        return cls(team, document.team.name, channel, document, 1, day, due, before)

    def revise(self, document: TeamDocument, channel: ChannelId, *, at: datetime) -> None:
        """Put another document in force. A digest that is due already stays due."""
        self.document, self.channel, self.revision = document, channel, self.revision + 1
        if at < self.next_digest_at:
            self.plan_digest(after=at)

    def plan_digest(self, *, after: datetime) -> None:
        """The next digest after that instant; of each local date there is one at most."""
        day, due = self.document.digest_due(after)
        while self.digested_on is not None and day <= self.digested_on:
            day, due = self.document.digest_due(due)
        self.next_digest_on, self.next_digest_at = day, due

    @property
    def leads(self) -> list[UserId]:
        """The leads who are named one by one, in the order of the document."""
        return [UserId(id_) for id_ in self.document.team.leads if not id_.startswith("S")]

    @property
    def answerable(self) -> list[UserId]:
        """Who is told what goes wrong: the leads, or else the managers, who are named."""
        managers = self.document.team.managers
        return self.leads or [UserId(id_) for id_ in managers if not id_.startswith("S")]

    @property
    def can_claim(self) -> list[str]:
        """Everyone who may claim, as ids of people and groups, managers first."""
        return [*self.document.team.managers, *self.document.team.leads]

    @property
    def groups(self) -> set[GroupId]:
        """The user groups that the document names, whose members we must know."""
        return {GroupId(id_) for id_ in self._named if id_.startswith("S")}

    @property
    def people(self) -> set[UserId]:
        """Those whom the document names one by one."""
        return {UserId(id_) for id_ in self._named if not id_.startswith("S")}

    @property
    def _named(self) -> list[str]:
        roles = self.document.team
        named = [*roles.managers, *roles.leads, *roles.admins, *roles.deputies]
        return named + (list(roles.agents) if roles.agents != "everyone" else [])

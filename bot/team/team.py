"""A support team: its current document and revision, and when its next digest is due."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.people import ChannelId, GroupId, TeamId, UserId, is_group
from bot.team import TeamDocument


@dataclass(eq=False)
class Revision:
    """A team file as it was applied. Revisions are never deleted."""

    team: TeamId
    number: int
    source: str
    applied_at: datetime
    by: str


@dataclass(eq=False)
class Team:
    """One support team. Its cards and digests go to ``channel``."""

    id: TeamId
    name: str
    channel: ChannelId
    document: TeamDocument
    revision: int
    next_digest_on: date  # its local date
    next_digest_at: datetime
    digested_until: datetime  # the end of the period that the last digest covered
    digested_on: date | None = None  # the local date of the last digest
    seen_by_strangers: bool = False  # people of another company can read the channel

    @classmethod
    def start(
        cls, team: TeamId, document: TeamDocument, channel: ChannelId, *, at: datetime
    ) -> "Team":
        day, due = document.digest_due(at)
        before = at - datetime.resolution  # so that the first digest includes this instant
        return cls(team, document.team.name, channel, document, 1, day, due, before)

    def revise(self, document: TeamDocument, channel: ChannelId, *, at: datetime) -> None:
        """Apply another document. A digest that is already due stays due."""
        self.document, self.channel, self.revision = document, channel, self.revision + 1
        if at < self.next_digest_at:
            self.plan_digest(after=at)

    def plan_digest(self, *, after: datetime) -> None:
        """Schedule the next digest after an instant, at most one for each local date."""
        day, due = self.document.digest_due(after)
        while self.digested_on is not None and day <= self.digested_on:
            day, due = self.document.digest_due(due)
        self.next_digest_on, self.next_digest_at = day, due

    @property
    def leads(self) -> list[UserId]:
        """The leads named as people, without user groups, in the order of the document."""
        return [UserId(id_) for id_ in self.document.team.leads if not is_group(id_)]

    @property
    def answerable(self) -> list[UserId]:
        """The people to notify when something goes wrong: the leads, or the managers if none."""
        managers = self.document.team.managers
        return self.leads or [UserId(id_) for id_ in managers if not is_group(id_)]

    @property
    def channels(self) -> set[ChannelId]:
        """The channels that messages about the team's cases go to."""
        fallback = self.document.team.fallback_channel
        named = {self.channel, *self.document.notified_channels}
        return named | ({ChannelId(fallback)} if fallback is not None else set())

    @property
    def can_claim(self) -> list[str]:
        """The ids of people and user groups who may claim, managers first."""
        return [*self.document.team.managers, *self.document.team.leads]

    @property
    def groups(self) -> set[GroupId]:
        """The user groups named in the document, whose members must be known."""
        return {GroupId(id_) for id_ in self._named if is_group(id_)}

    @property
    def people(self) -> set[UserId]:
        """The people named in the document, without the members of user groups."""
        return {UserId(id_) for id_ in self._named if not is_group(id_)}

    @property
    def _named(self) -> list[str]:
        roles = self.document.team
        named = [*roles.managers, *roles.leads, *roles.admins, *roles.deputies]
        named += roles.customers_visible_to
        return named + (list(roles.agents) if roles.agents != "everyone" else [])

"""Who hears instead, when a message cannot be sent where it belongs, or nobody can tell."""

from collections.abc import Iterator
from datetime import datetime

from bot.delivery.delivery import Delivery
from bot.delivery.kinds import DeliveryKind, State
from bot.people import ChannelId, UserId
from bot.team.team import Team

NO_FALLBACK = (DeliveryKind.HOME, DeliveryKind.QUESTION, DeliveryKind.FINDING)


def instead_of(
    lost: Delivery,
    original: Delivery,
    team: Team,
    *,
    card: ChannelId | None,
    owner: UserId | None,
    at: datetime,
) -> list[Delivery]:
    """The same, owed to those who come next.

    ``lost`` is the ``original``, or what was owed instead of it and was lost, too; ``card``
    is where the card of its case is.
    """
    if lost.kind in NO_FALLBACK:
        return []
    steps = [step for step in _steps(original, team, card, owner) if step]
    if lost is not original:
        passed = [place for place, step in enumerate(steps) if lost.channel in step]
        steps = steps[max(passed, default=-1) + 1 :]
    return [Delivery.instead(original, to, at=at) for to in next(iter(steps), [])]


def questions(held: Delivery, team: Team, *, at: datetime) -> list[Delivery]:
    return [Delivery.question(held, ChannelId(lead), at=at) for lead in team.answerable]


def _steps(
    original: Delivery, team: Team, card: ChannelId | None, owner: UserId | None
) -> Iterator[list[ChannelId]]:
    """Who comes next, and after them, and so on."""
    if original.state is State.REFUSED:
        yield [original.channel]  # in a few words, which Slack may take
    if original.is_for_one:
        yield [card] if card else []
    else:
        fallback = team.document.team.fallback_channel
        yield [ChannelId(fallback)] if fallback else []
        yield [ChannelId(owner)] if owner else []
    answerable = map(ChannelId, team.answerable)
    yield [one for one in answerable if one != original.channel]

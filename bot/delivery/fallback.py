"""Choose fallback recipients for messages that cannot be delivered or confirmed."""

from collections.abc import Iterator
from datetime import datetime

from bot.delivery.delivery import Delivery
from bot.delivery.kinds import DeliveryKind, State
from bot.people import ChannelId, UserId
from bot.team.team import Team

NO_FALLBACK = (
    DeliveryKind.HOME,
    DeliveryKind.QUESTION,
    DeliveryKind.FINDING,
    DeliveryKind.SHARED,
    DeliveryKind.REPLIES,
)


def fallbacks_for(
    lost: Delivery,
    original: Delivery,
    team: Team,
    *,
    card: ChannelId | None,
    owner: UserId | None,
    at: datetime,
) -> list[Delivery]:
    """Return copies of a lost message for the next fallback recipients, if there are any.

    ``lost`` is the ``original`` or an earlier copy of it that was lost as well. ``card`` is the
    channel of the case's card.
    """
    if lost.kind in NO_FALLBACK:
        return []
    steps = [step for step in _steps(original, team, card, owner) if step]
    if lost is not original:
        tried = [place for place, step in enumerate(steps) if lost.channel in step]
        steps = steps[max(tried, default=-1) + 1 :]
    return [Delivery.instead(original, to, at=at) for to in next(iter(steps), [])]


def questions(held: Delivery, team: Team, *, at: datetime) -> list[Delivery]:
    """Return the questions to the leads about a message that cannot be confirmed."""
    return [Delivery.question(held, ChannelId(lead), at=at) for lead in team.answerable]


def _steps(
    original: Delivery, team: Team, card: ChannelId | None, owner: UserId | None
) -> Iterator[list[ChannelId]]:
    """Yield the fallback recipients in the order in which to try them."""
    if original.state is State.REFUSED:
        yield [original.channel]  # as a short text, which Slack may accept
    if original.is_direct_message:
        yield [card] if card else []
    else:
        fallback = team.document.team.fallback_channel
        yield [ChannelId(fallback)] if fallback else []
        yield [ChannelId(owner)] if owner else []
    answerable = map(ChannelId, team.answerable)
    yield [one for one in answerable if one != original.channel]

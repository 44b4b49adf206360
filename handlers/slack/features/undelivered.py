"""A lead's answer about a message that Baton could not find in Slack: it arrived, or send again."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case.permissions import Step, permit, sees_all
from bot.delivery import Delivery, State
from bot.errors import BotError
from bot.messages import N_
from bot.people import UserId
from handlers.i18n import _
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from storage import Store, Transaction


class SettledAlready(BotError):
    message = N_("This is already settled. Thank you.")


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    @app.action(Button.ARRIVED)
    async def arrived(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        key = body["actions"][0]["value"]
        await store.of(workspace_of(context)).run(confirm, key, by=user_of(context))
        await ack()
        ephemeral.reply(context, _("Thank you. I'll leave it as it is."))

    @app.action(Button.SEND_AGAIN)
    async def again(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        key = body["actions"][0]["value"]
        await store.of(workspace_of(context)).run(send_again, key, by=user_of(context))
        await ack()
        ephemeral.reply(context, _("Thank you. I'm sending it again."))


def confirm(tx: Transaction, key: str, *, by: UserId) -> None:
    _unconfirmed(tx, key, by).confirm(at=tx.now)


def send_again(tx: Transaction, key: str, *, by: UserId) -> None:
    _unconfirmed(tx, key, by).send_again(at=tx.now)


def _unconfirmed(tx: Transaction, key: str, by: UserId) -> Delivery:
    """Return the message in question, for a person who may see all cases of a team.

    Raises:
        SettledAlready: another lead answered first.
        NotAllowed: the person sees the cases of no team.
    """
    delivery = tx.outbox.find(key)
    if delivery is None or delivery.state is not State.HELD:
        raise SettledAlready
    person, teams = tx.person(by), tx.teams.all()
    if not any(sees_all(person, team) for team in teams):
        permit(Step.SEE, person, teams[0])
    return delivery

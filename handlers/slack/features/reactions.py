"""An emoji on a card, where a team likes that: eyes claim, a check mark leads to Resolve."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.case import Case
from bot.errors import NotAllowed, WrongState
from bot.people import ChannelId, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.closing import claim_case, claimed
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.membership import note_denial
from handlers.slack.render import explain
from handlers.slack.views.blocks import Message, actions, case_button, section
from storage import Store, Transaction

CLAIMS, RESOLVES = "eyes", "white_check_mark"


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    @app.event("reaction_added")
    async def react(event: dict[str, Any], context: AsyncBoltContext) -> None:
        item, does = event["item"], DOES.get(event["reaction"])
        if does is None or item.get("type") != "message":
            return
        ours, channel = store.of(workspace_of(context)), ChannelId(item["channel"])
        try:
            message = await ours.run(does, channel, item["ts"], user_of(context))
        except (NotAllowed, WrongState) as error:
            await note_denial(store, error, context)
            ephemeral.reply(context, explain(error))
            return
        if message is not None:
            ephemeral.send_dm(user_of(context), message)


def claim(tx: Transaction, channel: ChannelId, ts: str, by: UserId) -> Message | None:
    if (case := _reacted_to(tx, channel, ts)) is None or case.owner == by:
        return None
    claim_case(tx, case.id, by=by)
    return Message(claimed(case.id), [section(claimed(case.id))])


def lead_to_resolve(tx: Transaction, channel: ChannelId, ts: str, by: UserId) -> Message | None:
    """A form needs a press: an emoji cannot open one."""
    if (case := _reacted_to(tx, channel, ts)) is None:
        return None
    case.may_resolve(tx.person(by))
    words = f"*{case.reference}* is over? Say how it ended:"
    resolve = case_button("Resolve", Button.RESOLVE, case.id, style="primary")
    return Message(words, [section(words), actions(resolve)])


DOES = {CLAIMS: claim, RESOLVES: lead_to_resolve}


def _reacted_to(tx: Transaction, channel: ChannelId, ts: str) -> Case | None:
    """The case of a card, if its team likes to be acted on so."""
    if (found := tx.cases.with_card(channel, ts)) is None:
        return None
    case = tx.cases.look_up(found)
    return case if case.team.document.team.reactions else None

"""Emoji on a card, if the team allows them: eyes claim, a check mark leads to Resolve."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.case import Case
from bot.errors import NotAllowed, WrongState
from bot.people import ChannelId, UserId
from handlers.i18n import _
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.claim import claim_case, claimed
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.membership import note_denial
from handlers.slack.render import explain
from handlers.slack.views.blocks import Message, actions, case_button, section
from storage import Store, Transaction

EYES, CHECK_MARK = "eyes", "white_check_mark"


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    @app.event("reaction_added")
    async def react(event: dict[str, Any], context: AsyncBoltContext) -> None:
        item, reaction = event["item"], REACTIONS.get(event["reaction"])
        if reaction is None or item.get("type") != "message":
            return
        workspace, channel = store.of(workspace_of(context)), ChannelId(item["channel"])
        try:
            message = await workspace.run(reaction, channel, item["ts"], user_of(context))
        except (NotAllowed, WrongState) as error:
            await note_denial(store, error, context)
            ephemeral.reply(context, explain(error))
            return
        if message is not None:
            ephemeral.send_dm(user_of(context), message)


def claim(tx: Transaction, channel: ChannelId, ts: str, by: UserId) -> Message | None:
    if (case := _case_of_card(tx, channel, ts)) is None or case.owner == by:
        return None
    claim_case(tx, case.id, by=by)
    return Message(claimed(case.id), [section(claimed(case.id))])


def offer_resolve(tx: Transaction, channel: ChannelId, ts: str, by: UserId) -> Message | None:
    """Return a message with the Resolve button: Slack opens a form only after a press."""
    if (case := _case_of_card(tx, channel, ts)) is None:
        return None
    case.may_resolve(tx.person(by))
    text = _("Is *{case}* resolved? Add the outcome:").format(case=case.reference)
    resolve = case_button(_("Resolve"), Button.RESOLVE, case.id, style="primary")
    return Message(text, [section(text), actions(resolve)])


REACTIONS = {EYES: claim, CHECK_MARK: offer_resolve}


def _case_of_card(tx: Transaction, channel: ChannelId, ts: str) -> Case | None:
    """Return the case whose card this message is, if its team allows reactions."""
    if (found := tx.cases.with_card(channel, ts)) is None:
        return None
    case = tx.cases.look_up(found)
    return case if case.team.document.team.reactions else None

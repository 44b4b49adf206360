"""/escalate, its two shortcuts, and the form behind them."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import ChannelId, UserId
from bot.rate_limit import Quota
from bot.text import cleaned
from handlers.i18n import _
from handlers.intake import Submission, teams_to_ask
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.escalate.duplicates import EscalationDraft
from handlers.slack.features.escalate.questions import ask_first
from handlers.slack.ids import Button, Command, Form, Shortcut
from handlers.slack.outgoing.compose import message_link
from handlers.slack.plumbing.open_form import FormNotOpened, open_form
from handlers.slack.render import explain, text, without_markup
from handlers.slack.views.blocks import ANSWER_LIMIT, Block, actions, button, section
from handlers.slack.views.forms.escalate_form import escalate_form, read_escalate_form
from storage import Store, Transaction


def register(app: AsyncApp, store: Store, quota: Quota) -> None:
    @app.command(Command.ESCALATE)
    async def ask(
        ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        story = cleaned(command.get("text") or "")
        if story.lower() == "help":
            await ack(text("help", "escalate"))
            return
        try:
            await open_with(client, context, command["trigger_id"], story)
        except FormNotOpened as error:
            draft = await store.of(workspace_of(context)).run(keep_draft, story)
            again = button(_("Open the form"), Button.OPEN_FORM, draft, style="primary")
            await ack(explain(error), blocks=[section(explain(error)), actions(again)])
            return
        await ack()

    @app.view(Form.ESCALATE)
    async def escalate(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        wanted, team, draft = read_escalate_form(view)
        workspace, by = store.of(workspace_of(context)), user_of(context)
        submission = Submission(f"view/{view['id']}", body["trigger_id"], draft, room=ANSWER_LIMIT)
        typed = EscalationDraft(wanted, team, submission)
        await ack(**await ask_first(workspace, typed, quota, by=by))

    @app.shortcut(Shortcut.ESCALATE)
    async def ask_anywhere(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await open_with(client, context, body["trigger_id"], "")
        await ack()

    @app.shortcut(Shortcut.ESCALATE_MESSAGE)
    async def ask_about_message(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        workspace = store.of(workspace_of(context))
        story = await workspace.read(story_of, body["message"], body["channel"]["id"])
        await open_with(client, context, body["trigger_id"], story)
        await ack()

    @app.action(Button.OPEN_FORM)
    async def ask_again(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        draft = body["actions"][0]["value"]
        story = await store.of(workspace_of(context)).read(lambda tx: tx.drafts.find(draft))
        await open_with(client, context, body["trigger_id"], story)
        await ack()

    async def open_with(
        client: AsyncWebClient, context: AsyncBoltContext, trigger: str, story: str
    ) -> None:
        channel = ChannelId(context.channel_id) if context.channel_id else None
        workspace = store.of(workspace_of(context))
        if len(story) <= ANSWER_LIMIT:
            view = await workspace.read(short_form, channel, story, by=user_of(context))
        else:
            view = await workspace.run(long_form, channel, story, by=user_of(context))
        await open_form(client, trigger, view)


def short_form(tx: Transaction, channel: ChannelId | None, story: str, *, by: UserId) -> Block:
    return escalate_form(teams_to_ask(tx, channel, by=by), story)


def long_form(tx: Transaction, channel: ChannelId | None, story: str, *, by: UserId) -> Block:
    """Return a form for a story longer than its field; the whole story is kept as a draft."""
    return escalate_form(teams_to_ask(tx, channel, by=by), story, tx.drafts.keep(story))


def keep_draft(tx: Transaction, story: str) -> str:
    return tx.drafts.keep(story)


def story_of(tx: Transaction, message: dict[str, Any], channel: str) -> str:
    """Return the text of a message, with a link to it."""
    installation = tx.installation.get()
    link = message_link(installation.url if installation else "", channel, message["ts"])
    return f"{cleaned(without_markup(message.get('text') or ''))}\n\n{link}".strip()

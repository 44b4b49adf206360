"""Whether it helped: two buttons below the outcome. Where it did not, the case goes on."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError, NotAllowed
from bot.people import CaseId, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.closing import blank_reopen_form
from handlers.slack.ids import Button
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.listeners import pressed_case, runs_step
from handlers.slack.plumbing.membership import keep_denial
from handlers.slack.plumbing.open_form import show_form
from handlers.slack.render import explain
from handlers.slack.views.blocks import Block
from storage import Store, Transaction

GOOD = "That is good to hear. Thank you for saying so."
SORRY = "I am sorry to hear it, and have noted it."


def register(app: AsyncApp, store: Store, ephemeral: EphemeralReplies) -> None:
    app.action(Button.HELPED)(runs_step(store, ephemeral, thank, says=lambda _: GOOD))

    @app.action(Button.NOT_HELPED)
    async def not_helped(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        case = pressed_case(body)
        form = await store.of(workspace_of(context)).run(offer_to_go_on, case, by=user_of(context))
        if not isinstance(form, str):
            await show_form(client, body, form)
        await ack()
        if isinstance(form, str):
            ephemeral.reply(context, form)


def thank(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).rate(helped=True, by=tx.person(by), at=tx.now)


def offer_to_go_on(tx: Transaction, case_id: CaseId, *, by: UserId) -> Block | str:
    """Remember that it did not help. Returns the form that comes next, or why there is none."""
    tx.cases.get(case_id).rate(helped=False, by=tx.person(by), at=tx.now)
    try:
        return blank_reopen_form(tx, case_id, by)
    except BotError as error:
        if isinstance(error, NotAllowed):
            keep_denial(tx, error, by)
        return f"{SORRY} {explain(error)}"

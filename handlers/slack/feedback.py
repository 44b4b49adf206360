"""Whether it helped: two buttons below the outcome. Where it did not, a case is soon reopened."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.people import CaseId, UserId
from handlers.slack.courtesy import Courtesy
from handlers.slack.forms import show_form
from handlers.slack.ids import Button
from handlers.slack.listening import acts, pressed_case
from handlers.slack.views.case_forms import reopen_form
from handlers.slack.views.parts import Block
from handlers.slack.who import who, workspace
from storage import Store, Transaction

GOOD = "That is good to hear. Thank you for saying so."
TOO_LATE = (
    "I am sorry to hear it, and its owner knows now. If the problem is still there, "
    "escalate it anew, and name the case in it."
)


def register(app: AsyncApp, store: Store, courtesy: Courtesy) -> None:
    app.action(Button.HELPED)(acts(store, courtesy, thank, says=lambda _: GOOD))

    @app.action(Button.NOT_HELPED)
    async def not_helped(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        case = pressed_case(body)
        form = await store.of(workspace(context)).run(offer_to_reopen, case, by=who(context))
        if form is not None:
            await show_form(client, body, form)
        await ack()
        if form is None:
            courtesy.tell(context, TOO_LATE)


def thank(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).rate(helped=True, by=tx.person(by), at=tx.now)


def offer_to_reopen(tx: Transaction, case_id: CaseId, *, by: UserId) -> Block | None:
    """Remember that it did not help. The form is None where the time to reopen is over."""
    case, person = tx.cases.get(case_id), tx.person(by)
    case.rate(helped=False, by=person, at=tx.now)
    try:
        case.may_reopen(person, at=tx.now)
    except BotError:
        return None
    return reopen_form(case)

"""Claim, and how a case ends or goes on: what a press does, and the forms that follow."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVarTuple

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.case import Refusal, Resolution
from bot.delivery import home_key
from bot.errors import DayPassed, MissReasonNeeded
from bot.people import CaseId, UserId, reference
from handlers.slack.courtesy import Courtesy
from handlers.slack.forms import show_form
from handlers.slack.ids import Button, Field, Form
from handlers.slack.letters import card_links
from handlers.slack.views.answers import BadAnswers
from handlers.slack.views.case_forms import (
    appeal_form,
    decline_form,
    read_decline_form,
    read_resolve_form,
    read_why,
    reopen_form,
    resolve_form,
)
from handlers.slack.views.escalate_form import follow_up_form
from handlers.slack.views.parts import Block, case_named
from handlers.slack.who import who, workspace
from storage import Store, Transaction

Look: TypeAlias = Callable[[Transaction, CaseId, UserId], Block]
"""What a form on a case shows to somebody; raises what the step itself would."""

Told = TypeVarTuple("Told")


class Work(Protocol[*Told]):
    """The step that a form asks for, with what was told in the form."""

    def __call__(self, tx: Transaction, /, *told: *Told, by: UserId) -> None: ...


def register(app: AsyncApp, store: Store, courtesy: Courtesy) -> None:
    @app.action(Button.CLAIM)
    async def claim(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        case = pressed_case(body)
        await store.of(workspace(context)).run(claim_case, case, by=who(context))
        await ack()
        courtesy.tell(context, claimed(case))

    app.action(Button.DECLINE)(opens(store, blank_decline_form))

    app.view(Form.DECLINE)(keeps(store, read_decline_form, decline_case))

    app.action(Button.APPEAL)(opens(store, blank_appeal_form))

    app.view(Form.APPEAL)(keeps(store, read_why, appeal_case))

    app.action(Button.RESOLVE)(opens(store, blank_resolve_form))

    @app.view(Form.RESOLVE)
    async def resolve(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        case, resolution = read_resolve_form(view, by=who(context))
        ours, key = store.of(workspace(context)), f"view/{view['id']}"
        try:
            await ours.run(once, key, resolve_case, (case, resolution), by=who(context))
        except MissReasonNeeded:  # it came to be late while the form was open
            asked = await ours.read(blank_resolve_form, case, who(context))
            await ack(response_action="update", view=asked)
            return
        except DayPassed as error:
            raise BadAnswers({Field.PREVENTION_BY: error.words}) from error
        await ack()

    app.action(Button.REOPEN)(opens(store, blank_reopen_form))

    app.view(Form.REOPEN)(keeps(store, read_why, reopen_case))


def opens(store: Store, look: Look) -> Callable[..., Awaitable[None]]:
    """The listener of a button that opens a form on its case."""

    async def ask(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        view = await store.of(workspace(context)).read(look, pressed_case(body), who(context))
        await show_form(client, body, view)
        await ack()

    return ask


def keeps(
    store: Store, read: Callable[[dict[str, Any]], tuple[*Told]], work: Work[*Told]
) -> Callable[..., Awaitable[None]]:
    """The listener of a form: what it asks for is done once, however often it is sent in."""

    async def keep(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        ours, told = store.of(workspace(context)), read(view)
        await ours.run(once, f"view/{view['id']}", work, told, by=who(context))
        await ack()

    return keep


def once(tx: Transaction, key: str, work: Work[*Told], told: tuple[*Told], *, by: UserId) -> None:
    if not tx.inbox.seen(key):
        work(tx, *told, by=by)


def claimed(case: CaseId) -> str:
    """What somebody is told who has claimed a case."""
    return f"You have {reference(case)} now. The next step: call the customer."


def pressed_case(body: dict[str, Any]) -> CaseId:
    return case_named(body["actions"][0]["value"])


def claim_case(tx: Transaction, case_id: CaseId, *, by: UserId) -> None:
    tx.cases.get(case_id).claim(by=tx.person(by), at=tx.now)
    tx.outbox.owe_again(home_key(by), at=tx.now)


def blank_decline_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_decline(tx.person(by))
    return decline_form(case)


def decline_case(tx: Transaction, case_id: CaseId, refusal: Refusal, *, by: UserId) -> None:
    tx.cases.get(case_id).decline(refusal, by=tx.person(by), at=tx.now)


def blank_appeal_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_appeal(tx.person(by))
    return appeal_form(case)


def appeal_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).appeal(why, by=tx.person(by), at=tx.now)


def blank_resolve_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    case = tx.cases.look_up(case_id)
    case.may_resolve(tx.person(by))
    return resolve_form(case, case.missed(at=tx.now))


def resolve_case(tx: Transaction, case_id: CaseId, resolution: Resolution, *, by: UserId) -> None:
    tx.cases.get(case_id).resolve(resolution, by=tx.person(by), at=tx.now)


def blank_reopen_form(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
    """Or, once it is over for too long, the form for a new case that follows it."""
    case = tx.cases.look_up(case_id)
    case.may_take_up(tx.person(by))
    if case.is_long_over(at=tx.now):
        return follow_up_form(case, card_links(tx)(case))
    return reopen_form(case)


def reopen_case(tx: Transaction, case_id: CaseId, why: str, *, by: UserId) -> None:
    tx.cases.get(case_id).reopen(why, by=tx.person(by), at=tx.now)

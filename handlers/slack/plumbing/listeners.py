"""What listens to a case's buttons and forms: a press asks or acts, and a form acts once."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVarTuple

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.case import Case
from bot.case.permissions import Step
from bot.people import CaseId, Person, UserId
from handlers.slack.context import user_of, workspace_of
from handlers.slack.plumbing.ephemeral import EphemeralReplies
from handlers.slack.plumbing.open_form import show_form
from handlers.slack.views.blocks import Block, case_named
from storage import Store, Transaction

Listener: TypeAlias = Callable[..., Awaitable[None]]

FormView: TypeAlias = Callable[[Transaction, CaseId, UserId], Block]
"""What a form on a case shows to somebody; raises what the step itself would."""

Check: TypeAlias = Callable[[Case, Person], None]
"""Raises what the step itself would."""

Answers = TypeVarTuple("Answers")


class Work(Protocol[*Answers]):
    """A step, with what was told in the form that asked for it."""

    def __call__(self, tx: Transaction, /, *answers: *Answers, by: UserId) -> None: ...


def opens_form(store: Store, look: FormView) -> Listener:
    """The listener of a button that opens a form on its case."""

    async def ask(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        view = await store.of(workspace_of(context)).read(
            look, pressed_case(body), user_of(context)
        )
        await show_form(client, body, view)
        await ack()

    return ask


def runs_step(
    store: Store,
    ephemeral: EphemeralReplies,
    work: Work[CaseId],
    *,
    says: Callable[[CaseId], str] | None = None,
) -> Listener:
    """The listener of a button that is all that its step needs; ``says`` is a word of thanks."""

    async def act(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        case = pressed_case(body)
        await store.of(workspace_of(context)).run(work, case, by=user_of(context))
        await ack()
        if says is not None:
            ephemeral.reply(context, says(case))

    return act


def submits_once(
    store: Store, read: Callable[[dict[str, Any]], tuple[*Answers]], work: Work[*Answers]
) -> Listener:
    """The listener of a form: what it asks for is done once, however often it is sent in."""

    async def keep(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        ours, answers = store.of(workspace_of(context)), read(view)
        await ours.run(once, f"view/{view['id']}", work, answers, by=user_of(context))
        await ack()

    return keep


def once(
    tx: Transaction, key: str, work: Work[*Answers], answers: tuple[*Answers], *, by: UserId
) -> None:
    if not tx.inbox.seen(key):
        work(tx, *answers, by=by)


def empty_form(form: Callable[[Case], Block], check: Check) -> FormView:
    """A form as it opens, for whoever may take its step."""

    def look(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
        case = tx.cases.look_up(case_id)
        check(case, tx.person(by))
        return form(case)

    return look


def may(step: Step) -> Check:
    return lambda case, person: case.may(step, person)


def pressed_case(body: dict[str, Any]) -> CaseId:
    return case_named(body["actions"][0]["value"])

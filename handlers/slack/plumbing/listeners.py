"""Listeners for buttons and forms: a press opens a form or takes a step, a form takes it once."""

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
"""Builds the form on a case for one person; raises what the step itself would raise."""

Check: TypeAlias = Callable[[Case, Person], None]
"""Raises what the step itself would raise."""

Answers = TypeVarTuple("Answers")


class Work(Protocol[*Answers]):
    """A transaction with the answers of a form."""

    def __call__(self, tx: Transaction, /, *answers: *Answers, by: UserId) -> None: ...


def opens_form(store: Store, view: FormView, *, recorded: bool = False) -> Listener:
    """Return the listener of a button that opens a form on its case.

    With ``recorded``, the view also writes: it notes who looked in the audit trail.
    """

    async def listener(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        workspace = store.of(workspace_of(context))
        transaction = workspace.run if recorded else workspace.read
        form = await transaction(view, pressed_case(body), user_of(context))
        await show_form(client, body, form)
        await ack()

    return listener


def runs_step(
    store: Store,
    ephemeral: EphemeralReplies,
    work: Work[CaseId],
    *,
    says: Callable[[CaseId], str] | None = None,
) -> Listener:
    """Return the listener of a button that needs no form; ``says`` answers the person."""

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        case = pressed_case(body)
        await store.of(workspace_of(context)).run(work, case, by=user_of(context))
        await ack()
        if says is not None:
            ephemeral.reply(context, says(case))

    return listener


def submits_once(
    store: Store, read: Callable[[dict[str, Any]], tuple[*Answers]], work: Work[*Answers]
) -> Listener:
    """Return the listener of a form, which takes effect once however often Slack sends it."""

    async def listener(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        workspace, answers = store.of(workspace_of(context)), read(view)
        await workspace.run(once, f"view/{view['id']}", work, answers, by=user_of(context))
        await ack()

    return listener


def once(
    tx: Transaction, key: str, work: Work[*Answers], answers: tuple[*Answers], *, by: UserId
) -> None:
    """Run ``work`` unless a request with this key has had its effect."""
    if not tx.inbox.mark_handled(key):
        work(tx, *answers, by=by)


def empty_form(form: Callable[[Case], Block], check: Check) -> FormView:
    """Return the view of a form with nothing filled in, for a person who may take its step."""

    def view(tx: Transaction, case_id: CaseId, by: UserId) -> Block:
        case = tx.cases.look_up(case_id)
        check(case, tx.person(by))
        return form(case)

    return view


def may(action: Step) -> Check:
    """Return the check of a step that needs an open case."""
    return lambda case, person: case.may(action, person)


def pressed_case(body: dict[str, Any]) -> CaseId:
    """Return the case of the pressed button.

    Raises:
        NoSuchCase: the button's value is not a case number.
    """
    return case_named(body["actions"][0]["value"])

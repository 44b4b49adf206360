"""/baton and the word after it. An unknown word is answered with the nearest command."""

import html
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.audit import Decision
from bot.case import Case
from bot.case.permissions import Step, is_accountable, permit, sees_all
from bot.case.redaction import all_redacted_for
from bot.errors import BotError, NoTeamYet
from bot.lookup.search import EXAMPLE
from bot.messages import N_
from bot.people import CASE, CaseId, ChannelId, Standing, UserId
from bot.text import cleaned, one_line
from handlers.i18n import _
from handlers.slack.context import user_of, workspace_of
from handlers.slack.features.claim import claim_case, claimed
from handlers.slack.features.lookup.customer import show_customer
from handlers.slack.features.lookup.find import show_found
from handlers.slack.features.lookup.report import reports_of
from handlers.slack.ids import Command
from handlers.slack.outgoing.compose import card_links, card_of
from handlers.slack.render import text
from handlers.slack.views.blocks import Message, fitting, section
from handlers.slack.views.board import board, joined, mine
from handlers.slack.views.lookup.history import history
from handlers.slack.views.lookup.why import why
from handlers.slack.views.unreadable import with_unreadable
from storage import Store, Transaction, WorkspaceStore

WORDS = ("board", "mine", "claim", "why", "history", "customer", "find", "report", "help")
CaseView: TypeAlias = Callable[[Transaction, Case], Message]
CASE_COMMAND = re.compile(
    rf"(?:(?P<first>why|history) )?{CASE.pattern}(?: (?P<last>why|history))?", re.IGNORECASE
)
"""A case number, with what to show of the case before or after it."""
HISTORY_LINES = 100
"""A phone shows no more at once."""

INCOMPLETE = {
    "history": N_("Which case? Add its number: `/baton history 42`"),
    "claim": N_("Which case? Add its number: `/baton claim 42`"),
    "why": N_("Which case? Add its number: `/baton why 42`"),
    "find": N_("What are you looking for? For example: `{example}`"),
    "customer": N_("Which customer? Add the name: `/baton customer Acme`"),
}


class NotACommand(BotError):
    """The word after /baton is unknown; the message names the nearest one."""

    def __init__(self, asked: str) -> None:
        typed = asked[:40]
        first, _space, rest = asked.partition(" ")
        near = get_close_matches(first.lower(), WORDS, n=1, cutoff=0.65)
        if near:
            unknown = N_("I don't know “{typed}”. Did you mean /baton {near}?")
            super().__init__(unknown, typed=typed, near=near[0])
        elif case := CASE.fullmatch(rest):
            unknown = N_("I don't know “{typed}”. A case's card has its buttons: /baton {case}")
            super().__init__(unknown, typed=typed, case=case[1])
        else:
            super().__init__(N_("I don't know “{typed}”. Try /baton help."), typed=typed)


def register(app: AsyncApp, store: Store) -> None:
    @app.command(Command.BATON)
    async def answer(ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = one_line(cleaned(html.unescape(command.get("text") or "")))
        workspace, here = store.of(workspace_of(context)), ChannelId(command["channel_id"])
        message = await reply(workspace, asked, here, by=user_of(context))
        await ack(message.text, blocks=fitting(message.blocks))


async def reply(workspace: WorkspaceStore, asked: str, here: ChannelId, *, by: UserId) -> Message:
    """Return the answer to the text after /baton, typed in the channel ``here``.

    Raises:
        NotACommand: the first word is unknown.
        BotError: the step behind the word is refused.
    """
    first, _space, rest = asked.partition(" ")
    first = first.lower()
    if first in ("", "board"):
        return await workspace.read(show_board, here, by=by)
    if first == "mine":
        return await workspace.read(show_mine, by)
    if first == "report":
        return await reports_of(workspace, rest.lower(), here, by=by)
    if first == "help":
        return _in_a_section(text("help", "baton"))
    if found := CASE_COMMAND.fullmatch(asked):
        view = CASE_VIEWS[(found["first"] or found["last"] or "case").lower()]
        return await view_case(workspace, view, CaseId(int(found[2])), here, by=by)
    if first == "claim" and (found := CASE.fullmatch(rest)):
        case = CaseId(int(found[1]))
        await workspace.run(claim_case, case, by=by)
        return _in_a_section(claimed(case))
    if first == "find" and rest:
        return await workspace.read(show_found, rest, by)
    if first == "customer" and rest:
        return await workspace.run(show_customer, rest, by)
    if first in INCOMPLETE:
        return _in_a_section(_(INCOMPLETE[first]).format(example=EXAMPLE))
    raise NotACommand(asked)


async def view_case(
    workspace: WorkspaceStore, view: CaseView, case: CaseId, here: ChannelId, *, by: UserId
) -> Message:
    """Return a view of a case. A look that only the admin role allows goes into the trail."""
    message, accountable = await workspace.read(show_to, view, case, here, by)
    if accountable:
        await workspace.run(audit_look, case, by)
    return message


def show_to(
    tx: Transaction, view: CaseView, case_id: CaseId, here: ChannelId, by: UserId
) -> tuple[Message, bool]:
    """Return the view, and whether the person may see it only as an admin."""
    case, person = tx.cases.look_up(case_id), tx.person(by)
    case.may_be_seen(by=person, where=here)
    return view(tx, case), is_accountable(person, case.team, case)


def audit_look(tx: Transaction, case: CaseId, by: UserId) -> None:
    tx.audit.note(by, Step.SEE, case, Decision.DONE)


def show_board(tx: Transaction, channel: ChannelId, *, by: UserId) -> Message:
    """Return the board of the channel's team, or of each team whose cases the person may see."""
    here, every = tx.teams.in_channel(channel), tx.teams.all()
    if not every:
        raise NoTeamYet
    person = tx.person(by)
    teams = [here] if here is not None else [it for it in every if sees_all(person, it)]
    if not teams or person.standing is not Standing.MEMBER:
        permit(Step.SEE, person, every[0])
    links = card_links(tx)
    boards = {team: all_redacted_for(person, tx.cases.open_in(team.id)) for team in teams}
    message = joined([board(team, cases, links, at=tx.now) for team, cases in boards.items()])
    return with_unreadable(message, tx.cases.unreadable)


def show_mine(tx: Transaction, person: UserId) -> Message:
    owned, reported = tx.cases.owned_by(person), tx.cases.reported_by(person)
    message = mine(person, owned, reported, card_links(tx), at=tx.now)
    return with_unreadable(message, tx.cases.unreadable)


def show_why(tx: Transaction, case: Case) -> Message:
    return why(case, at=tx.now)


def show_history(tx: Transaction, case: Case) -> Message:
    return history(case, tx.audit.of_case(case.id, limit=HISTORY_LINES))


CASE_VIEWS: dict[str, CaseView] = {"case": card_of, "why": show_why, "history": show_history}


def _in_a_section(content: str) -> Message:
    return Message(content, [section(content)])

"""/baton and the word after it; what Baton does not know is answered with the nearest."""

import html
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case
from bot.errors import BotError, NoTeamYet
from bot.people import CASE, CaseId, ChannelId, UserId
from bot.prose import cleaned, one_line
from bot.roles import Step, permit, sees_all
from bot.search import EXAMPLE
from handlers.slack.case_buttons import claim_case, claimed
from handlers.slack.customer import show_customer
from handlers.slack.find import show_found
from handlers.slack.ids import Command
from handlers.slack.letters import card_links, card_of
from handlers.slack.render import words
from handlers.slack.reports import reports_of
from handlers.slack.views.board import board, joined, mine
from handlers.slack.views.parts import Message, fitting, section
from handlers.slack.views.why import why
from handlers.slack.who import who, workspace
from storage import Store, Transaction, WorkspaceStore

WORDS = ("board", "mine", "claim", "why", "customer", "find", "report", "help")
BY_WORDS: dict[str, Callable[[Transaction, str, UserId], Message]] = {
    "customer": show_customer,
    "find": show_found,
}
INCOMPLETE = {
    "claim": "Which case? Name it by its number: `/baton claim 42`",
    "why": "Which case? Name it by its number: `/baton why 42`",
    "find": f"What shall I look for? For example `{EXAMPLE}`",
    "customer": "Which customer? Name them: `/baton customer Acme`",
}


class NotACommand(BotError):
    def __init__(self, asked: str) -> None:
        near = get_close_matches(asked.split()[0].lower(), WORDS, n=1, cutoff=0.5)
        hint = f"Did you mean /baton {near[0]}?" if near else "Try /baton help."
        super().__init__(f"I do not know “{asked[:40].replace('$', '$$')}”. {hint}")


def register(app: AsyncApp, store: Store) -> None:
    @app.command(Command.BATON)
    async def answer(ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = one_line(cleaned(html.unescape(command.get("text") or "")))
        here = ChannelId(command["channel_id"])
        message = await reply(store.of(workspace(context)), asked, here, by=who(context))
        await ack(message.text, blocks=fitting(message.blocks))


async def reply(ours: WorkspaceStore, asked: str, here: ChannelId, *, by: UserId) -> Message:
    """Raises NotACommand, and whatever the step that was asked for does."""
    first, _, rest = asked.partition(" ")
    first = first.lower()
    if first in ("", "board"):
        return await ours.read(show_board, here, by=by)
    if first == "mine":
        return await ours.read(show_mine, by)
    if first == "report":
        return await reports_of(ours, rest.lower(), here, by=by)
    if first == "help":
        return _said(words("baton_help"))
    if found := CASE.fullmatch(asked):
        return await ours.read(show_case, CaseId(int(found[1])), here, by=by)
    if first == "claim" and (found := CASE.fullmatch(rest)):
        case = CaseId(int(found[1]))
        await ours.run(claim_case, case, by=by)
        return _said(claimed(case))
    if first == "why" and (found := CASE.fullmatch(rest)):
        return await ours.read(show_why, CaseId(int(found[1])), here, by=by)
    if first in BY_WORDS and rest:
        return await ours.read(BY_WORDS[first], rest, by)
    if first in INCOMPLETE:
        return _said(INCOMPLETE[first])
    raise NotACommand(asked)


def show_board(tx: Transaction, channel: ChannelId, *, by: UserId) -> Message:
    """The board of the channel's team; elsewhere, of each whose cases this person may see."""
    here, every = tx.teams.in_channel(channel), tx.teams.all()
    if not every:
        raise NoTeamYet
    person = tx.person(by)
    teams = [here] if here is not None else [it for it in every if sees_all(person, it)]
    if not teams:
        permit(Step.SEE, person, every[0])
    links = card_links(tx)
    return joined([board(team, tx.cases.open_in(team.id), links, at=tx.now) for team in teams])


def show_mine(tx: Transaction, person: UserId) -> Message:
    owned, reported = tx.cases.owned_by(person), tx.cases.reported_by(person)
    return mine(owned, reported, card_links(tx), at=tx.now)


def show_case(tx: Transaction, case: CaseId, where: ChannelId, *, by: UserId) -> Message:
    return card_of(tx, case_to_show(tx, case, where, by=by))


def show_why(tx: Transaction, case: CaseId, where: ChannelId, *, by: UserId) -> Message:
    return why(case_to_show(tx, case, where, by=by), at=tx.now)


def case_to_show(tx: Transaction, case_id: CaseId, where: ChannelId, *, by: UserId) -> Case:
    case = tx.cases.look_up(case_id)
    case.may_be_seen(by=tx.person(by), where=where)
    return case


def _said(text: str) -> Message:
    return Message(text, [section(text)])

"""/baton: the board, mine, one case, claim, help; anything else is answered with the nearest."""

import re
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.case import Case
from bot.errors import BotError, NoTeamYet
from bot.people import CaseId, ChannelId, UserId
from bot.prose import cleaned, one_line
from bot.roles import Step, permit, sees_all
from handlers.slack.case_buttons import claim_case, claimed
from handlers.slack.ids import Command
from handlers.slack.letters import card_links
from handlers.slack.render import words
from handlers.slack.views.board import board, joined, mine
from handlers.slack.views.case_card import case_card
from handlers.slack.views.parts import Message, fitting, section
from handlers.slack.views.why import why
from handlers.slack.who import who, workspace
from storage import Store, Transaction

WORDS = ("board", "mine", "claim", "why", "help")
CASE = re.compile(r"#?(?:esc[- ]?)?(\d{1,9})", re.IGNORECASE)


class NotACommand(BotError):
    def __init__(self, asked: str) -> None:
        near = get_close_matches(asked.split()[0].lower(), WORDS, n=1, cutoff=0.5)
        hint = f"Did you mean /baton {near[0]}?" if near else "Try /baton help."
        super().__init__(f"I do not know “{asked[:40].replace('$', '$$')}”. {hint}")


def register(app: AsyncApp, store: Store) -> None:
    @app.command(Command.BATON)
    async def answer(ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        asked = one_line(cleaned(command.get("text") or ""))
        ours = store.of(workspace(context))
        here = ChannelId(command["channel_id"])
        first, _, rest = asked.lower().partition(" ")
        if first in ("", "board"):
            message = await ours.read(show_board, here, by=who(context))
        elif first == "mine":
            message = await ours.read(show_mine, who(context))
        elif first == "help":
            message = _said(words("baton_help"))
        elif found := CASE.fullmatch(asked):
            message = await ours.read(show_case, CaseId(int(found[1])), here, by=who(context))
        elif first == "claim" and (found := CASE.fullmatch(rest)):
            case = CaseId(int(found[1]))
            await ours.run(claim_case, case, by=who(context))
            message = _said(claimed(case))
        elif first == "why" and (found := CASE.fullmatch(rest)):
            message = await ours.read(show_why, CaseId(int(found[1])), here, by=who(context))
        elif first in ("claim", "why"):
            message = _said(f"Which case? Name it by its number: `/baton {first} 42`")
        else:
            raise NotACommand(asked)
        await ack(message.text, blocks=fitting(message.blocks))


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
    return case_card(case_to_show(tx, case, where, by=by))


def show_why(tx: Transaction, case: CaseId, where: ChannelId, *, by: UserId) -> Message:
    return why(case_to_show(tx, case, where, by=by), at=tx.now)


def case_to_show(tx: Transaction, case_id: CaseId, where: ChannelId, *, by: UserId) -> Case:
    case = tx.cases.look_up(case_id)
    case.may_be_seen(by=tx.person(by), where=where)
    return case


def _said(text: str) -> Message:
    return Message(text, [section(text)])

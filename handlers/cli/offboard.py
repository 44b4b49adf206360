"""baton offboard: what somebody has in hand goes on without them."""

import asyncio
from collections.abc import Iterator
from typing import Any

import click

from bot.audit import Decision
from bot.case import Case
from bot.errors import BotError
from bot.people import UserId
from bot.team.team import Team
from bot.team.toml_lines import line_at, lines_of
from handlers.cli.cli_error import CliError
from handlers.cli.session import at_work
from handlers.offboarding import hand_on
from storage import Transaction

ROLES = ("managers", "leads", "admins", "agents", "deputies")


@click.command()
@click.argument("user")
@click.option("--to", metavar="USER", help="Who gets the cases. By default, the queue.")
def offboard(user: str, to: str | None) -> None:
    """Hand on all cases that USER (an id, U0...) has, and say where documents still name them."""
    for line in asyncio.run(_offboard(UserId(user), UserId(to) if to else None)):
        click.echo(line)


async def _offboard(user: UserId, to: UserId | None) -> list[str]:
    async with at_work() as (store, _, workspace):
        ours = store.of(workspace)
        try:
            cases = await ours.run(let_go, user, to)
        except BotError as error:
            raise CliError(f"{error} Nothing was changed.") from None
        return [told(user, cases, to), *await ours.read(still_named, user)]


def told(user: UserId, cases: list[Case], to: UserId | None) -> str:
    if not cases:
        return f"{user} has no open case."
    named = ", ".join(case.reference for case in cases)
    where = f"with {to}" if to else "in the queue"
    heard = ", and the leads are told" if any(case.team.leads for case in cases) else ""
    return f"{named}: {where} now. The threads say so{heard}."


def let_go(tx: Transaction, user: UserId, to: UserId | None) -> list[Case]:
    """What an operator asked for is on record, whatever cases there were."""
    tx.audit.note("the command line", "offboard", None, Decision.DONE)
    return hand_on(tx, user, tx.person(to) if to else None)


def still_named(tx: Transaction, user: UserId) -> list[str]:
    """Where the documents in force name somebody, each with its line."""
    return [line for team in tx.teams.all() for line in _naming(team, tx.teams.source(team), user)]


def _naming(team: Team, source: str, user: UserId) -> Iterator[str]:
    lines, document = lines_of(source), team.document
    places: list[tuple[str, tuple[Any, ...]]] = []
    for role in ROLES:
        ids = getattr(document.team, role)
        if ids != "everyone" and user in ids:
            places.append((role, ("team", role, ids.index(user))))
    for level, section in enumerate(document.escalation):
        if user in section.notify:
            place = ("escalation", level, "notify", section.notify.index(user))
            places.append(("the escalation levels", place))
    for words, path in places:
        yield f"{user} is still in {words} of {team.name}: edit line {line_at(lines, path)}"

"""baton offboard: reassign the cases of a person who leaves."""

import asyncio
from collections.abc import Iterator
from typing import Any

import click

from bot.audit import COMMAND_LINE, Decision
from bot.case import Case
from bot.errors import BotError
from bot.people import UserId
from bot.team.team import Team
from bot.team.toml_lines import line_at, lines_of
from handlers.cli.cli_error import CliError
from handlers.cli.session import at_work
from handlers.i18n import _
from handlers.offboarding import reassign_open_cases
from storage import Transaction

ROLES = ("managers", "leads", "admins", "agents", "deputies", "customers_visible_to")


@click.command()
@click.argument("user")
@click.option("--to", metavar="USER", help="The new owner. By default, cases go back to the queue.")
def offboard(user: str, to: str | None) -> None:
    """Reassign the open cases of USER.

    USER is a Slack id (U0...). Also lists where team documents still name them.
    """
    for line in asyncio.run(_offboard(UserId(user), UserId(to) if to else None)):
        click.echo(line)


async def _offboard(user: UserId, to: UserId | None) -> list[str]:
    async with at_work() as (store, _client, workspace):
        workspace_store = store.of(workspace)
        try:
            cases = await workspace_store.run(reassign_cases, user, to)
        except BotError as error:
            problem = _(error.message).format(**error.params)
            raise CliError(_("{problem} Nothing was changed.").format(problem=problem)) from None
        return [*_summary(user, cases, to), *await workspace_store.read(entries_naming, user)]


def _summary(user: UserId, cases: list[Case], to: UserId | None) -> Iterator[str]:
    if not cases:
        yield _("{user} has no open cases.").format(user=user)
        return
    listed = ", ".join(case.reference for case in cases)
    if to:
        yield _("Reassigned to {owner}: {cases}.").format(owner=to, cases=listed)
    else:
        yield _("Back in the queue: {cases}.").format(cases=listed)
    if any(case.team.leads for case in cases):
        yield _("Each case's thread says so, and the leads are notified.")
    else:
        yield _("Each case's thread says so.")


def reassign_cases(tx: Transaction, user: UserId, to: UserId | None) -> list[Case]:
    """Reassign the open cases of ``user``. Recorded in the audit trail even if there are none."""
    tx.audit.note(COMMAND_LINE, "offboard", None, Decision.DONE)
    return reassign_open_cases(tx, user, tx.people.last_known(to) if to else None)


def entries_naming(tx: Transaction, user: UserId) -> list[str]:
    """Say where the teams' current documents still name ``user``, with line numbers."""
    return [line for team in tx.teams.all() for line in _entries(team, tx.teams.source(team), user)]


def _entries(team: Team, source: str, user: UserId) -> Iterator[str]:
    lines, document = lines_of(source), team.document
    places: list[tuple[str, tuple[Any, ...]]] = []
    for role in ROLES:
        ids = getattr(document.team, role)
        if ids != "everyone" and user in ids:
            places.append((role, ("team", role, ids.index(user))))
    for level, section in enumerate(document.escalation):
        if user in section.notify:
            place = ("escalation", level, "notify", section.notify.index(user))
            places.append(("escalation.notify", place))
    for key, path in places:
        yield _(
            "{team}: {user} is still listed under {key}. Edit line {line} of the team file, then "
            "run: baton config apply FILE"
        ).format(team=team.name, user=user, key=key, line=line_at(lines, path))

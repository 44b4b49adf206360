"""/baton report: a team's figures, and the cases behind each of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.case.permissions import Step, is_granted, permit
from bot.case.redaction import all_redacted_for
from bot.errors import BotError, NoTeamYet
from bot.messages import N_
from bot.people import CaseId, ChannelId, TeamId, UserId
from bot.reports.period import Period
from bot.team.team import Team
from handlers.report import report_of
from handlers.slack.context import user_of, workspace_of
from handlers.slack.ids import Button
from handlers.slack.outgoing.compose import card_links
from handlers.slack.plumbing.open_form import open_form
from handlers.slack.views.blocks import Block, Message
from handlers.slack.views.board import ROWS, joined
from handlers.slack.views.lookup.report import (
    cases_view,
    number_name,
    read_number,
    report_message,
    team_of_number,
)
from storage import Store, Transaction, WorkspaceStore


class NoSuchPeriod(BotError):
    message = N_(
        "For which period? /baton report shows this week. You can add: last week, month, last month"
    )


def register(app: AsyncApp, store: Store) -> None:
    @app.action(Button.REPORT)
    async def show_cases(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        value = body["actions"][0]["selected_option"]["value"]
        workspace = store.of(workspace_of(context))
        team = await workspace.read(team_to_report, team_of_number(value), by=user_of(context))
        period, name = read_number(value, team)
        report = await report_of(workspace, team, period)
        cases = report.numbers.get(name, [])
        view = await workspace.read(view_cases, number_name(name), cases, user_of(context))
        await open_form(client, body["trigger_id"], view)
        await ack()


async def reports_of(
    workspace: WorkspaceStore, asked: str, here: ChannelId, *, by: UserId
) -> Message:
    """Return the report of the channel's team, or of each team whose figures they may see."""
    wanted = await workspace.read(teams_to_report, asked, here, by=by)
    reports = [(await report_of(workspace, team, period), team) for team, period in wanted]
    return joined([report_message(report, team) for report, team in reports])


def teams_to_report(
    tx: Transaction, asked: str, channel: ChannelId, *, by: UserId
) -> list[tuple[Team, Period]]:
    """Return the teams, each with the period asked for in the team's own time zone."""
    here, every, person = tx.teams.in_channel(channel), tx.teams.all(), tx.person(by)
    if not every:
        raise NoTeamYet
    teams = [here] if here is not None else every
    if not any(is_granted(Step.REPORT, person, team) for team in teams):
        permit(Step.REPORT, person, teams[0])
    return [
        (team, _period(asked, team, at=tx.now))
        for team in teams
        if is_granted(Step.REPORT, person, team)
    ]


def team_to_report(tx: Transaction, team_id: TeamId, *, by: UserId) -> Team:
    team = tx.teams.look_up(team_id)
    permit(Step.REPORT, tx.person(by), team)
    return team


def view_cases(tx: Transaction, heading: str, cases: Sequence[CaseId], by: UserId) -> Block:
    shown = all_redacted_for(tx.person(by), tx.cases.look_up_all(cases[:ROWS]))
    return cases_view(heading, shown, len(cases), card_links(tx), at=tx.now)


def _period(asked: str, team: Team, *, at: datetime) -> Period:
    period = Period.named(asked, at=at, zone=team.document.team.timezone)
    if period is None:
        raise NoSuchPeriod
    return period

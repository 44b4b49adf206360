"""Many teams, each with its own channel and lead, and cards spread over the channels."""

from bot.people import ChannelId
from bot.team import read_team
from handlers.cli.config import apply_document
from handlers.sandbox import Sandbox
from handlers.sandbox.workspace.message import Message
from storage import Transaction

CHANNEL = "C0BENCH"
FIRST = 1_000  # all ids have the same length
FIRST_CARD = 1_700_000_000  # Unix time, in the past

TEAM = """
[team]
name = "Team {number}"
channel = "{channel}"
timezone = "UTC"
managers = ["{lead}"]
leads = ["{lead}"]

[[policies]]
name = "Standard"
calendar = "24x7"
{targets}
"""


def channel_of(team: int) -> ChannelId:
    return ChannelId(f"{CHANNEL}{FIRST + team}")


def lead_of(team: int) -> str:
    return f"U0LEAD{FIRST + team}"


def card_ts(number: int) -> str:
    return f"{FIRST_CARD + number}.000100"


def apply_team(tx: Transaction, team: int, targets: str) -> None:
    channel = channel_of(team)
    source = TEAM.format(number=team, channel=channel, lead=lead_of(team), targets=targets)
    apply_document(tx, source, read_team(source), channel, by="the bench")


def add_teams(slack: Sandbox, teams: int, cards: int) -> None:
    """Add the channels and leads of the teams, and cards that were posted long ago."""
    there = slack.workspace
    for team in range(teams):
        there.add_channel(channel_of(team), f"bench-{team}", members=["U0ANA", there.app.user])
        there.add_person(lead_of(team), f"lead-{team}")
    for number in range(cards):
        channel = there.channel(channel_of(number % teams))
        channel.keep(
            Message(channel=channel.id, ts=card_ts(number), user=there.app.user, text="A card")
        )

"""The one way a case is opened, whichever door asked."""

from dataclasses import replace

from bot.case import Case, NewCase
from bot.errors import NoTeamYet
from bot.people import ChannelId, TeamId, UserId
from bot.prose import shortened
from bot.roles import Step, permit
from bot.teams import Team
from storage import Transaction


def teams_to_ask(tx: Transaction, channel: ChannelId | None, *, by: UserId) -> list[Team]:
    """The teams that a case from this channel may go to: the channel's own, or any.

    Raises:
        NoTeamYet: there is none.
        NotAllowed: none of them takes cases from this person.
    """
    here = tx.teams.in_channel(channel) if channel else None
    teams = [here] if here is not None else list(tx.teams.all())
    if not teams:
        raise NoTeamYet
    if len(teams) == 1:
        permit(Step.ESCALATE, tx.person(by), teams[0])
    return teams


def open_case(
    tx: Transaction,
    wanted: NewCase,
    team: TeamId,
    *,
    by: UserId,
    key: str,
    draft: str = "",
    room: int = 0,
) -> None:
    """Open a case, once for each ``key``, however often it is asked for.

    ``draft`` finds the story as it was first written, if it did not fit the form, which had
    room for ``room`` characters.
    """
    if tx.inbox.seen(key):
        return
    if draft:
        summary = _whole(wanted.summary, tx.drafts.find(draft), room)
        wanted = replace(wanted, summary=summary)
    told = tx.teams.look_up(team)
    customer = tx.customers.named(wanted.customer)
    person, number = tx.person(by), tx.cases.next_id()
    tx.cases.add(Case.open(wanted, told, id_=number, by=person, at=tx.now, customer=customer))


def _whole(edited: str, first: str, room: int) -> str:
    """Nothing that was written is lost: neither what fitted the form, nor the rest."""
    if not first or edited == shortened(first, room):
        return first or edited
    return f"{edited}\n\nAs it was first written:\n{first}"

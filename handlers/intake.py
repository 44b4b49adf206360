"""The one way a case is opened, whichever door asked."""

from dataclasses import dataclass, replace

from bot.case import Case, NewCase
from bot.case.permissions import Step, permit
from bot.errors import NoTeamYet
from bot.people import ChannelId, TeamId, UserId
from bot.rate_limit import SOON, Quota, check_quota, check_quota_of_all
from bot.team.team import Team
from bot.text import shortened
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


@dataclass(frozen=True)
class Submission:
    """A form that was sent in.

    ``draft`` finds the story as it was first written, if it did not fit the form, which had
    room for ``room`` characters.
    """

    key: str  # of the form, however often it is sent in
    trigger: str  # of this time
    draft: str = ""
    room: int = 0


def open_case(
    tx: Transaction, wanted: NewCase, team: TeamId, this: Submission, quota: Quota, *, by: UserId
) -> None:
    """Open a case, once for each form, however often it is asked for.

    Raises:
        SaidAlready: they said the same a moment ago, and were not told so yet by ``warn``.
        TooManyCases: more than may be opened in a minute.
    """
    if tx.inbox.seen(this.key):
        return
    wanted = in_full(tx, wanted, this)
    lately = tx.cases.lately(by, since=tx.now - SOON, most=quota.of_one)
    check_quota(wanted, lately, quota, sure=bool(lately) and _is_sure(tx, this))
    told = tx.teams.look_up(team)
    customer = tx.customers.named(wanted.customer)
    person, number = tx.person(by), tx.cases.next_id()
    check_quota_of_all(tx.cases.opened_at(number - quota.of_all), quota, at=tx.now)
    after = tx.cases.get(wanted.follows) if wanted.follows is not None else None
    case = Case.open(wanted, told, id_=number, by=person, at=tx.now, customer=customer, after=after)
    tx.cases.add(case)


def in_full(tx: Transaction, wanted: NewCase, this: Submission) -> NewCase:
    """With the whole of a story that did not fit the form."""
    if not this.draft:
        return wanted
    summary = _whole(wanted.summary, tx.drafts.find(this.draft), this.room)
    return replace(wanted, summary=summary)


def warn(tx: Transaction, this: Submission) -> None:
    """Remember that somebody was told of a case that says the same."""
    tx.inbox.seen(f"{this.key}/warned", f"{this.key}/warned/{this.trigger}")


def _is_sure(tx: Transaction, this: Submission) -> bool:
    """Whether they were told so at another time; if it was this time, Slack sent it twice."""
    warned = f"{this.key}/warned"
    return tx.inbox.has(warned) and not tx.inbox.has(f"{warned}/{this.trigger}")


def _whole(edited: str, first: str, room: int) -> str:
    """Nothing that was written is lost: neither what fitted the form, nor the rest."""
    if not first or edited == shortened(first, room):
        return first or edited
    return f"{edited}\n\nAs it was first written:\n{first}"

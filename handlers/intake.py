"""Opening a case from a submitted form: the rate limit, duplicates and the full summary."""

from dataclasses import dataclass, replace

from bot.case import Case, NewCase
from bot.case.permissions import Step, permit
from bot.errors import NoTeamYet
from bot.people import ChannelId, TeamId, UserId
from bot.rate_limit import RATE_WINDOW, Quota, check_quota, check_workspace_quota
from bot.team.team import Team
from bot.text import shortened
from handlers.i18n import _
from storage import Transaction


def teams_to_ask(tx: Transaction, channel: ChannelId | None, *, by: UserId) -> list[Team]:
    """Return the teams that can receive a case from this channel: the channel's own, or all.

    Raises:
        NoTeamYet: no team is set up.
        NotAllowed: the only candidate does not accept cases from this person.
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
    """One submission of the escalation form.

    If the message was too long for the form, ``draft`` is the key of the stored original and
    ``room`` is how many characters the form could hold.
    """

    key: str  # identifies the form; the same for every submission of it
    trigger: str  # identifies this submission
    draft: str = ""
    room: int = 0


def open_case(
    tx: Transaction,
    wanted: NewCase,
    team: TeamId,
    submission: Submission,
    quota: Quota,
    *,
    by: UserId,
) -> None:
    """Open a case. Idempotent: a form opens one case, however often it is submitted.

    Raises:
        RepeatedEscalation: the same person escalated the same text within the last minute and has
            not confirmed it since ``record_warning``.
        TooManyCases: the person or the workspace has reached its rate limit.
    """
    if tx.inbox.mark_handled(submission.key):
        return
    wanted = with_full_summary(tx, wanted, submission)
    since = tx.now - RATE_WINDOW
    recent = tx.cases.recently_reported_by(by, since=since, most=quota.per_person)
    sure = bool(recent) and _is_confirmed(tx, submission)
    check_quota(wanted, recent, quota, sure=sure)
    receiving_team = tx.teams.look_up(team)
    customer = tx.customers.named(wanted.customer)
    reporter, number = tx.person(by), tx.cases.next_id()
    check_workspace_quota(tx.cases.opened_at(number - quota.per_workspace), quota, at=tx.now)
    after = tx.cases.get(wanted.follows) if wanted.follows is not None else None
    case = Case.open(
        wanted, receiving_team, id_=number, by=reporter, at=tx.now, customer=customer, after=after
    )
    tx.cases.add(case)


def with_full_summary(tx: Transaction, wanted: NewCase, submission: Submission) -> NewCase:
    """Return the case with its full summary, if the form could hold only a part of it."""
    if not submission.draft:
        return wanted
    summary = _merge_summary(wanted.summary, tx.drafts.find(submission.draft), submission.room)
    return replace(wanted, summary=summary)


def record_warning(tx: Transaction, submission: Submission) -> None:
    """Record that the form now shows the duplicate warning; its next submission confirms."""
    tx.inbox.mark_handled(
        f"{submission.key}/warned", f"{submission.key}/warned/{submission.trigger}"
    )


def _is_confirmed(tx: Transaction, submission: Submission) -> bool:
    """Whether the form was submitted again after the warning.

    Slack may deliver one submission twice. A repeat has the trigger that was warned, and does
    not count as a confirmation.
    """
    warned = f"{submission.key}/warned"
    return tx.inbox.has(warned) and not tx.inbox.has(f"{warned}/{submission.trigger}")


def _merge_summary(edited: str, original: str, room: int) -> str:
    """Return the original if the form's text is unedited, else the edit followed by the original.

    The form held only the first ``room`` characters, so an edit alone would lose the rest.
    """
    if not original or edited == shortened(original, room):
        return original or edited
    return f"{edited}\n\n{_('As first written:')}\n{original}"

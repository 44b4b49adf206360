"""Requests that Baton cannot fulfil, and what the person can do instead.

Each error carries a marked message and its parameters. Handlers translate the message, so
nothing here knows the reader's language or how a surface shows people.
"""

from bot.messages import N_, Mention, Param
from bot.people import CaseId, UserId, reference


class BotError(Exception):
    """A request that Baton cannot fulfil. The message says what the person can do next."""

    message = ""

    def __init__(self, message: str = "", **params: Param) -> None:
        self.message = message or self.message
        self.params = params
        super().__init__(self.message.format(**params))


class NotAllowed(BotError):
    """The person's role does not allow ``step``, on case ``case_id`` if it concerns one."""

    def __init__(
        self, message: str, *, step: str, case_id: CaseId | None = None, **params: Param
    ) -> None:
        super().__init__(message, **params)
        self.step, self.case_id = step, case_id


class Busy(BotError):
    """The database gave no connection or lock in time. Nothing was changed."""

    message = N_("Baton is busy right now. Nothing was saved; please try again.")


class ChangedMeanwhile(BotError):
    """Another transaction changed the same rows first. Nothing was changed."""

    message = N_(
        "This changed while you were typing. Nothing was saved; review the current version and "
        "try again."
    )


class CannotSave(BotError):
    """The database rejects writes: its disk is full, or it is read-only."""

    message = N_(
        "Baton cannot write to its database, so nothing was saved. Please tell your Baton "
        "operator and try again later. An open form keeps what you typed."
    )


class AlreadyDone(BotError):
    """Slack delivered the same action twice; the first one took effect."""

    message = N_("That is already done. Slack sent the same request twice.")


class Replayed(BotError):
    """This signed request was already answered. Nothing was changed."""

    message = N_("This request was already answered.")


class NoTeamYet(BotError):
    message = N_(
        "No team is set up yet. Ask your Baton operator to describe your team in a file and run: "
        "baton config apply FILE"
    )


class UnreadableTeam(BotError):
    """The stored team file was made by a version that knows more than this one."""

    message = N_(
        "The file of this team cannot be read by this version of Baton. Nothing is lost: please "
        "ask your Baton operator to install the newest version."
    )


class NoSuchDepartment(BotError):
    message = N_("Your team has no such department. Ask an admin to add it to the team file.")


class DayPassed(BotError):
    message = N_("This day is today or in the past. Choose a later day for the preventive action.")


class ResumeByPassed(BotError):
    message = N_("This time is in the past. Choose a later time.")


class CannotOwn(BotError):
    """The person may not claim, so a case cannot be handed to them."""

    message = N_("Only managers and leads of {team} can own its cases. Choose one of them.")

    def __init__(self, team: str) -> None:
        super().__init__(team=team)


class TooManyCases(BotError):
    """The person or the workspace opened as many cases as the rate limit allows per minute."""

    message = N_(
        "The limit is {most} new cases a minute. Nothing you typed is lost: keep this form open "
        "and submit it again in a minute."
    )

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class CaseError(BotError):
    """A refusal that names one case."""

    def __init__(self, case: CaseId, message: str = "", **params: Param) -> None:
        super().__init__(message, case=reference(case), **params)


class NoSuchCase(CaseError):
    message = N_("There is no {case} here. See the open cases: /baton")


class UnreadableCase(CaseError):
    """The stored case has a word that this version does not know, or it is damaged."""

    message = N_(
        "{case} cannot be read by this version of Baton. Nothing is lost: please ask your Baton "
        "operator to install the newest version."
    )


class CannotRate(CaseError):
    message = N_("Only the reporter and the followers of {case} can say whether it helped.")


class MissReasonNeeded(CaseError):
    message = N_("{case} missed a deadline. Choose the cause, then resolve it.")


class StepsMissing(CaseError):
    """Some of the five steps are neither done nor skipped with a reason."""

    message = N_("{case} still needs {steps}. Add what is missing, or say why it is not needed.")

    def __init__(self, case: CaseId, steps: str) -> None:
        super().__init__(case, steps=steps)


class RepeatedEscalation(CaseError):
    """The same person escalated the same customer with the same summary a moment ago."""

    message = N_(
        "You just escalated the same problem as {case}. Submit again to open another case."
    )


class WrongState(CaseError):
    """The case is in a state that does not allow this."""


class AlreadyClaimed(WrongState):
    message = N_("{owner} already claimed {case}. To take over, ask them or a lead.")

    def __init__(self, case: CaseId, owner: UserId) -> None:
        super().__init__(case, owner=Mention(owner))


class AlreadyDeclined(WrongState):
    message = N_("{case} was declined. If the customer still needs it, reopen it.")


class AlreadyMerged(WrongState):
    message = N_("{case} was merged into {into}. Continue there.")

    def __init__(self, case: CaseId, into: CaseId) -> None:
        super().__init__(case, into=reference(into))


class AlreadyResolved(WrongState):
    message = N_("{case} is already resolved. If the problem is back, reopen it.")


class AlreadyAnswered(WrongState):
    message = N_("{by} already answered this for {case}.")

    def __init__(self, case: CaseId, by: UserId) -> None:
        super().__init__(case, by=Mention(by))


class AlreadyAppealed(WrongState):
    message = N_("{case} was declined again after an appeal. Please talk to a lead.")


class AppealInstead(WrongState):
    message = N_(
        "{case} was declined. Its reporter can appeal once, with the Appeal button in their "
        "message from Baton."
    )


class ContinuedElsewhere(WrongState):
    message = N_("{case} continues in {follower}. See it: /baton {follower}")

    def __init__(self, case: CaseId, follower: CaseId) -> None:
        super().__init__(case, follower=reference(follower))


class ReopenedMeanwhile(WrongState):
    message = N_("{case} is open again. I'll ask you when it is resolved.")


class AlreadyOwner(WrongState):
    message = N_("They already own {case}. Choose another person.")


class AlreadyInQueue(WrongState):
    message = N_("{case} is unclaimed: it is already in the queue.")


class MergedIntoItself(WrongState):
    message = N_("{case} cannot be merged into itself. Choose another case.")


class TooManyReaders(WrongState):
    message = N_(
        "{case} is restricted, and others read the department's channel. Ask a person there in a "
        "direct message."
    )


class NotClaimed(WrongState):
    message = N_("{case} is unclaimed. Claim it first.")


class NotDeclined(WrongState):
    message = N_("{case} is no longer declined, so no appeal is needed.")


class NothingToApprove(WrongState):
    message = N_("{case} has no goodwill request waiting for approval.")


class NothingToPrevent(WrongState):
    message = N_("{case} has no preventive action to confirm.")


class NothingToSkip(WrongState):
    message = N_("Every step of {case} is done or skipped. Resolve it.")


class NotOffered(WrongState):
    """No hand-off to this person is pending any more."""

    message = N_("The hand-off of {case} to you has ended: {owner} owns it.")

    def __init__(self, case: CaseId, owner: UserId | None) -> None:
        if owner is None:
            super().__init__(case, N_("{case} is unclaimed now. Claim it if you can take it."))
        else:
            super().__init__(case, owner=Mention(owner))


class NotOpen(WrongState):
    message = N_(
        "{owner} owns {case}, and only an unclaimed case can be declined. It must be released "
        "first."
    )

    def __init__(self, case: CaseId, owner: UserId) -> None:
        super().__init__(case, owner=Mention(owner))


class StillOpen(WrongState):
    message = N_("{case} is still open.")


class NotWaiting(WrongState):
    message = N_("{case} is not waiting.")


class SamePriority(WrongState):
    message = N_("{case} already has priority {priority}. Choose another one.")

    def __init__(self, case: CaseId, priority: str) -> None:
        super().__init__(case, priority=priority)


class TooLateToReopen(WrongState):
    message = N_(
        "{case} ended more than {days} days ago. Click Reopen again to open a follow-up case."
    )

    def __init__(self, case: CaseId, days: int) -> None:
        super().__init__(case, days=days)

"""What a person asked for and cannot have.

BotError
├── NotAllowed            the role of the person rules it out
├── WrongState            the state of the case rules it out
│   ├── AlreadyClaimed
│   ├── AlreadyDeclined
│   ├── AlreadyMerged
│   ├── AlreadyResolved
│   ├── AnsweredAlready
│   ├── AppealedAlready
│   ├── AppealInstead
│   ├── GoesOn
│   ├── HasItAlready
│   ├── ContinuedElsewhere
│   ├── InQueueAlready
│   ├── MergedIntoItself
│   ├── NotClaimed
│   ├── NotDeclined
│   ├── NothingToApprove
│   ├── NothingToPrevent
│   ├── NothingToSkip
│   ├── NotOffered
│   ├── NotOpen
│   ├── NotOver
│   ├── NotWaiting
│   ├── SamePriority
│   └── TooLateToReopen
├── NoSuchDepartment
├── NotForYouToSay
├── DayPassed
├── CannotHaveIt          may not claim, so that it cannot be handed to them
├── MissReasonNeeded
├── ResumeByPassed
├── NoSuchCase
├── NoTeamYet
├── Replayed              nothing was done: the same request was answered before
├── DoneBefore            nothing was done: it was done the first time that it was asked for
├── SaidAlready           the same person escalated the same a moment ago
├── TooManyCases          more than may be opened in a minute
├── CannotKeep            nothing was done: the database takes nothing new
├── Busy                  nothing was done: try again
└── ChangedMeanwhile      nothing was done: look again
"""

from string import Template

from bot.people import CaseId, UserId, reference


class BotError(Exception):
    """A request that cannot be done; its words are shown to whoever asked.

    A person in them is a ``$name``, for each surface shows people in its own way.
    """

    def __init__(self, words: str, **people: UserId) -> None:
        super().__init__(Template(words).safe_substitute(people))
        self.words, self.people = words, people


class NotAllowed(BotError):
    """The role of the person rules it out: the ``step``, on the ``case`` if it is about one."""

    def __init__(
        self, words: str, *, step: str, case: CaseId | None = None, owner: UserId | None = None
    ) -> None:
        super().__init__(words, **({"owner": owner} if owner else {}))
        self.step, self.case = step, case


class WrongState(BotError):
    """The state of the case rules it out."""


class AlreadyClaimed(WrongState):
    def __init__(self, case: CaseId, owner: UserId) -> None:
        super().__init__(f"$owner has {reference(case)} already. Ask them, or a lead.", owner=owner)


class AlreadyDeclined(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} was declined. If it is owed after all, reopen it.")


class AlreadyMerged(WrongState):
    def __init__(self, case: CaseId, into: CaseId) -> None:
        super().__init__(f"{reference(case)} goes on in {reference(into)} now. Look there.")


class GoesOn(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} goes on, so it is too early to say. You will hear.")


class MergedIntoItself(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} cannot be merged into itself. Name another case.")


class AlreadyResolved(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(
            f"{reference(case)} is resolved already. If the problem is back, reopen it."
        )


class NotClaimed(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Nobody has {reference(case)} yet. Claim it first.")


class InQueueAlready(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Nobody has {reference(case)}: it is in the queue already.")


class NotDeclined(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} is not declined any more, so no appeal is needed.")


class AppealedAlready(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(
            f"{reference(case)} was declined after an appeal, too. Talk it over with a lead."
        )


class AppealInstead(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(
            f"{reference(case)} was declined. Its reporter can appeal once: "
            "the message that told them has a button for it."
        )


class NotOpen(WrongState):
    def __init__(self, case: CaseId, owner: UserId) -> None:
        super().__init__(
            f"$owner has {reference(case)}, and only a case that nobody has is declined. "
            "Release it first, or resolve it.",
            owner=owner,
        )


class HasItAlready(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"They have {reference(case)} already. Choose somebody else.")


class NothingToApprove(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Nothing of {reference(case)} waits for an approval any more.")


class NothingToSkip(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Each step of {reference(case)} is done or left out. Resolve it.")


class AnsweredAlready(WrongState):
    def __init__(self, by: UserId) -> None:
        super().__init__("$by has answered this already. Nothing is left to do.", by=by)


class NothingToPrevent(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Nothing is to be done for {reference(case)} any more.")


class NotOffered(WrongState):
    def __init__(self, case: CaseId, owner: UserId | None) -> None:
        if owner is None:
            super().__init__(f"Nobody has {reference(case)} now. If you can take it, claim it.")
        else:
            super().__init__(
                f"{reference(case)} is not offered to you any more: $owner has it.", owner=owner
            )


class NotOver(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} is not over, so there is nothing to reopen.")


class NotWaiting(WrongState):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} does not wait for anything, so nothing was changed.")


class SamePriority(WrongState):
    def __init__(self, case: CaseId, priority: str) -> None:
        super().__init__(f"{reference(case)} has the priority {priority} already. Choose another.")


class NoSuchDepartment(BotError):
    def __init__(self) -> None:
        super().__init__("The team's document names no such department. Ask whoever runs Baton.")


class NotForYouToSay(BotError):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"Whether {reference(case)} was solved is for its reporter to say.")


class CannotHaveIt(BotError):
    def __init__(self, team: str) -> None:
        super().__init__(
            f"Only managers and leads of {team} can have its cases. Choose one of them."
        )


class MissReasonNeeded(BotError):
    def __init__(self, case: CaseId) -> None:
        super().__init__(
            f"A promise was missed on {reference(case)}. Say in a word why, and it is resolved."
        )


class DayPassed(BotError):
    def __init__(self) -> None:
        super().__init__("That day has begun or passed. Choose one to come for the prevention.")


class ResumeByPassed(BotError):
    def __init__(self) -> None:
        super().__init__("That time has passed. Choose one to come, by which you look again.")


class TooLateToReopen(WrongState):
    def __init__(self, case: CaseId, days: int) -> None:
        super().__init__(
            f"{reference(case)} was over more than {days} days ago. Press Reopen once more: "
            "it opens a new case that follows this one."
        )


class ContinuedElsewhere(WrongState):
    def __init__(self, case: CaseId, follower: CaseId) -> None:
        super().__init__(
            f"{reference(case)} goes on in {reference(follower)}: see /baton {follower}"
        )


class NoSuchCase(BotError):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"There is no {reference(case)} here. See the open ones: /baton board")


class NoTeamYet(BotError):
    def __init__(self) -> None:
        super().__init__(
            "No team is set up yet, so nobody would see the case. Ask whoever runs Baton "
            "to describe your team in a file and put it in force: baton config apply FILE"
        )


class Replayed(BotError):
    def __init__(self) -> None:
        super().__init__("This very request was answered before.")


class DoneBefore(BotError):
    def __init__(self) -> None:
        super().__init__("That was done already, when Slack asked for the first time.")


class SaidAlready(BotError):
    def __init__(self, case: CaseId) -> None:
        super().__init__(f"{reference(case)} says the same. Submit again to open another case.")


class TooManyCases(BotError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} cases were opened in the last minute, as many as Baton takes. "
            "Nothing you wrote is lost: keep this open, and submit again in a minute."
        )


class CannotKeep(BotError):
    def __init__(self) -> None:
        super().__init__(
            "Baton cannot write to its database, so nothing was changed. Tell whoever runs it, "
            "and try again in a while; a form that is open keeps what you wrote."
        )


class Busy(BotError):
    def __init__(self) -> None:
        super().__init__("Baton is busy. Nothing was changed; try again in a moment.")


class ChangedMeanwhile(BotError):
    def __init__(self) -> None:
        super().__init__("Somebody else was quicker. Nothing was changed; look again.")

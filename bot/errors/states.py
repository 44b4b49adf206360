"""What the state of a case rules out, and what to do instead."""

from bot.errors.base import WrongState
from bot.people import CaseId, UserId, reference


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

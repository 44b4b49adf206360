"""What cannot be done, whatever the state of a case."""

from bot.errors.base import BotError
from bot.people import CaseId, reference


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


class StepsMissing(BotError):
    def __init__(self, case: CaseId, missing: str) -> None:
        super().__init__(
            f"{reference(case)} still lacks {missing}. Do that, or say why it is left out."
        )


class DayPassed(BotError):
    def __init__(self) -> None:
        super().__init__("That day has begun or passed. Choose one to come for the prevention.")


class ResumeByPassed(BotError):
    def __init__(self) -> None:
        super().__init__("That time has passed. Choose one to come, by which you look again.")


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

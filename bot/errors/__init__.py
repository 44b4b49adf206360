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
├── StepsMissing          neither done nor left out for a reason
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

from bot.errors.base import (
    BotError,
    NotAllowed,
    WrongState,
)
from bot.errors.requests import (
    Busy,
    CannotHaveIt,
    CannotKeep,
    ChangedMeanwhile,
    DayPassed,
    DoneBefore,
    MissReasonNeeded,
    NoSuchCase,
    NoSuchDepartment,
    NoTeamYet,
    NotForYouToSay,
    Replayed,
    ResumeByPassed,
    SaidAlready,
    StepsMissing,
    TooManyCases,
)
from bot.errors.states import (
    AlreadyClaimed,
    AlreadyDeclined,
    AlreadyMerged,
    AlreadyResolved,
    AnsweredAlready,
    AppealedAlready,
    AppealInstead,
    ContinuedElsewhere,
    GoesOn,
    HasItAlready,
    InQueueAlready,
    MergedIntoItself,
    NotClaimed,
    NotDeclined,
    NothingToApprove,
    NothingToPrevent,
    NothingToSkip,
    NotOffered,
    NotOpen,
    NotOver,
    NotWaiting,
    SamePriority,
    TooLateToReopen,
)

__all__ = [
    "AlreadyClaimed",
    "AlreadyDeclined",
    "AlreadyMerged",
    "AlreadyResolved",
    "AnsweredAlready",
    "AppealInstead",
    "AppealedAlready",
    "BotError",
    "Busy",
    "CannotHaveIt",
    "CannotKeep",
    "ChangedMeanwhile",
    "ContinuedElsewhere",
    "DayPassed",
    "DoneBefore",
    "GoesOn",
    "HasItAlready",
    "InQueueAlready",
    "MergedIntoItself",
    "MissReasonNeeded",
    "NoSuchCase",
    "NoSuchDepartment",
    "NoTeamYet",
    "NotAllowed",
    "NotClaimed",
    "NotDeclined",
    "NotForYouToSay",
    "NotOffered",
    "NotOpen",
    "NotOver",
    "NotWaiting",
    "NothingToApprove",
    "NothingToPrevent",
    "NothingToSkip",
    "Replayed",
    "ResumeByPassed",
    "SaidAlready",
    "SamePriority",
    "StepsMissing",
    "TooLateToReopen",
    "TooManyCases",
    "WrongState",
]

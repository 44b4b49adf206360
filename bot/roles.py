"""Who may do what. What is not configured is denied, with a reason for whoever asked."""

from enum import StrEnum

from bot.errors import NotAllowed
from bot.people import Person, UserId
from bot.teams import Team


class Step(StrEnum):
    ESCALATE = "escalate"
    CLAIM = "claim"
    UPDATE = "update"  # and wait, resume, change priority: what an owner does on the way
    HAND_OFF = "hand_off"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    SEE = "see"


class Role(StrEnum):
    AGENT = "agent"
    MANAGER = "manager"
    LEAD = "lead"


def role_of(person: Person, team: Team) -> Role | None:
    """The highest role that the team's document gives this person; None is a stranger."""
    known = {person.user, *person.groups}
    roles = team.document.team
    if not known.isdisjoint(roles.leads):
        return Role.LEAD
    if not known.isdisjoint(roles.managers):
        return Role.MANAGER
    if roles.agents == "everyone" or not known.isdisjoint(roles.agents):
        return Role.AGENT
    return None


def may_claim(person: Person, team: Team) -> bool:
    return role_of(person, team) in (Role.MANAGER, Role.LEAD)


def sees_all(person: Person, team: Team) -> bool:
    """Whether every case of the team is this person's to see, wherever they ask."""
    return role_of(person, team) in (Role.MANAGER, Role.LEAD)


def permit(
    step: Step, person: Person, team: Team, *, reporter: UserId | None, owner: UserId | None
) -> None:
    """Let the step pass.

    Raises:
        NotAllowed: this person may not; its words say who may.
    """
    role = role_of(person, team)
    match step:
        case Step.ESCALATE if role is None:
            raise NotAllowed(
                f"Escalating to {team.name} is for its agents. "
                "Ask one of them, or a lead to add you."
            )
        case Step.CLAIM if not may_claim(person, team):
            raise NotAllowed(f"Claiming is for the managers of {team.name}. One of them will.")
        case Step.UPDATE | Step.HAND_OFF | Step.RESOLVE if (
            role is not Role.LEAD and person.user != owner
        ):
            if owner is None:
                raise NotAllowed("Nobody has this case yet. That is for its owner: claim it first.")
            raise NotAllowed("$owner has this case: that is for them, or for a lead.", owner=owner)
        case Step.SEE if not sees_all(person, team) and person.user not in (reporter, owner):
            raise NotAllowed(
                f"That is for the managers of {team.name}, or for whoever escalated the case. "
                "In the team's own channel everyone sees it."
            )
        case Step.REOPEN if role not in (Role.MANAGER, Role.LEAD) and person.user != reporter:
            raise NotAllowed("A case is reopened by its reporter or by a manager. Ask one of them.")

"""Who may do what: the whole table as data, and the one function that decides by it.

What is not granted here is denied, with a reason for whoever asked.
"""

from collections.abc import Mapping
from enum import StrEnum, auto

from bot.case.state import CaseState
from bot.errors import NotAllowed
from bot.messages import N_, Mention, Param
from bot.people import Person, Standing
from bot.priority import Priority
from bot.team.team import Team


class Step(StrEnum):
    ESCALATE = "escalate"
    SEE = "see"  # what a case says of its customer
    COMMENT = "comment"  # and add facts
    CLAIM = "claim"
    UPDATE = "update"  # log what is new with the customer
    WAIT = "wait"
    RESUME = "resume"
    CHANGE_PRIORITY = "change_priority"
    HAND_OFF = "hand_off"
    RELEASE = "release"
    RESOLVE = "resolve"
    DECLINE = "decline"
    MERGE = "merge"
    REOPEN = "reopen"
    APPEAL = "appeal"
    APPROVE = "approve"  # goodwill above the limit
    ROUTE = "route"  # rota, absences, who gets which case
    CONFIGURE = "configure"
    REPORT = "report"  # the team's figures
    EXPORT = "export"
    ERASE = "erase"


class Role(StrEnum):
    AGENT = "agent"
    MANAGER = "manager"
    LEAD = "lead"
    ADMIN = "admin"


class Grant(StrEnum):
    """Of which cases a step may be taken."""

    NONE = auto()
    OWN = auto()  # those that one has in hand
    CONCERNED = auto()  # those, and what one has escalated
    AWAITED = auto()  # those, and what one follows in place of a case of one's own
    DEPUTY = auto()  # those up to the priority that the document sets for its deputies
    ALL = auto()  # the team's


NONE, OWN, CONCERNED, AWAITED, DEPUTY, ALL = Grant

# An agent has a case in hand only as a deputy, or by having been handed it.
GRANTS: Mapping[Step, Mapping[Role, Grant]] = {
    step: dict(zip(Role, grants, strict=True))
    for step, grants in {
        #                      agent      manager lead  admin
        Step.ESCALATE:        (ALL,       ALL,    ALL,  ALL),
        Step.SEE:             (CONCERNED, ALL,    ALL,  ALL),
        Step.COMMENT:         (CONCERNED, ALL,    ALL,  ALL),
        Step.CLAIM:           (DEPUTY,    ALL,    ALL,  ALL),
        Step.UPDATE:          (OWN,       OWN,    ALL,  ALL),
        Step.WAIT:            (OWN,       OWN,    ALL,  ALL),
        Step.RESUME:          (OWN,       OWN,    ALL,  ALL),
        Step.CHANGE_PRIORITY: (OWN,       OWN,    ALL,  ALL),
        Step.HAND_OFF:        (OWN,       OWN,    ALL,  ALL),
        Step.RELEASE:         (OWN,       OWN,    ALL,  ALL),
        Step.RESOLVE:         (OWN,       OWN,    ALL,  ALL),
        Step.DECLINE:         (NONE,      ALL,    ALL,  ALL),
        Step.MERGE:           (NONE,      ALL,    ALL,  ALL),
        Step.REOPEN:          (AWAITED,   ALL,    ALL,  ALL),
        Step.APPEAL:          (CONCERNED, ALL,    ALL,  ALL),
        Step.APPROVE:         (NONE,      NONE,   ALL,  ALL),
        Step.ROUTE:           (NONE,      NONE,   ALL,  ALL),
        Step.CONFIGURE:       (NONE,      NONE,   NONE, ALL),
        Step.REPORT:          (NONE,      ALL,    ALL,  ALL),
        Step.EXPORT:          (NONE,      NONE,   ALL,  ALL),
        Step.ERASE:           (NONE,      NONE,   NONE, ALL),
    }.items()
}  # fmt: skip

STRANGERS = {
    Standing.GUEST: N_(
        "Baton is for members of this workspace, and you are a guest here. Ask a colleague to do "
        "it for you."
    ),
    Standing.OUTSIDER: N_(
        "Baton is for members of this workspace, and you are from another one. Ask your contact "
        "here to do it for you."
    ),
    Standing.BOT: N_("Baton takes requests from people, not from bots."),
    Standing.DEACTIVATED: N_("Your account in this workspace is deactivated. Ask a Slack admin."),
    Standing.UNKNOWN: N_("Slack has not confirmed your account yet. Try again in a moment."),
}
REFUSALS = {
    Step.ESCALATE: N_(
        "Only agents of {team} can escalate to it. Ask one of them, or ask a lead to add you."
    ),
    Step.SEE: N_(
        "Only managers of {team} and the reporter can see this case. In the team's channel, "
        "everyone can see its card."
    ),
    Step.COMMENT: N_("Only managers of {team} and the reporter can edit this case."),
    Step.CLAIM: N_("Only managers of {team} can claim cases. One of them will."),
    Step.DECLINE: N_("Only managers of {team} can decline cases. Ask one of them."),
    Step.MERGE: N_("Only managers of {team} can merge cases. Ask one of them."),
    Step.REOPEN: N_(
        "Only the reporter, a follower or a manager can reopen a case. Ask one of them."
    ),
    Step.APPEAL: N_("Only the reporter can appeal against a declined case. Ask them."),
    Step.APPROVE: N_("Only leads of {team} can approve goodwill. Ask one of them."),
    Step.ROUTE: N_("Only leads of {team} can do that. Ask one of them."),
    Step.CONFIGURE: N_("Only admins of {team} can do that. Ask one of them."),
    Step.REPORT: N_("Only managers of {team} can see its reports. Ask one of them."),
    Step.EXPORT: N_("Only leads of {team} can export. Ask one of them."),
    Step.ERASE: N_("Only admins of {team} can erase data. Ask one of them."),
}
RESTRICTED = N_("{case} is restricted. Ask {reader} or a lead of {team}.")
RESTRICTED_AND_UNCLAIMED = N_("{case} is restricted. Ask its reporter or a lead of {team}.")
NOT_IN_A_CHANNEL = N_(
    "Only managers of {team} can see all its cases here. In the team's channel, everyone can. "
    "Your own cases: /baton mine"
)
UNCLAIMED = N_("This case is unclaimed, and only its owner can do that. Claim it first.")
NOT_THE_OWNER = N_("Only {owner}, who owns this case, or a lead can do that.")


def roles_of(person: Person, team: Team) -> frozenset[Role]:
    """What the team's document makes of this person; nothing is a stranger to the team."""
    known, named = {person.user, *person.groups}, team.document.team
    ids = {
        Role.MANAGER: named.managers,
        Role.LEAD: named.leads,
        Role.ADMIN: named.admins,
        Role.AGENT: named.deputies if named.agents == "everyone" else named.agents + named.deputies,
    }
    roles = {role for role, those in ids.items() if not known.isdisjoint(those)}
    if named.agents == "everyone":
        roles.add(Role.AGENT)
    if not named.admins and person.runs_slack:  # to begin with: until the document names some
        roles.add(Role.ADMIN)
    return frozenset(roles)


def admit(person: Person) -> None:
    """Let whoever is a member of the workspace pass.

    Raises:
        NotAllowed: they are none.
    """
    if person.standing is not Standing.MEMBER:
        raise NotAllowed(STRANGERS[person.standing], step=Step.COMMENT)


def permit(step: Step, person: Person, team: Team, case: CaseState | None = None) -> None:
    """Let the step pass.

    Raises:
        NotAllowed: this person may not; its words say who may.
    """
    if is_granted(step, person, team, case):
        return
    raise refusal(step, person, team, case)


def is_granted(step: Step, person: Person, team: Team, case: CaseState | None = None) -> bool:
    return bool(_granting(step, person, team, case))


def may_read(person: Person, team: Team, case: CaseState) -> bool:
    """Whether a case is this person's to read: a restricted one is for those who need it alone.

    A manager needs it while nobody has it, to be able to claim it.
    """
    if not case.restricted:
        return True
    if person.standing is not Standing.MEMBER:
        return False
    offer = case.pending_handoff
    if person.user in (case.owner, case.reporter, offer and offer.other_person):
        return True
    needed = {Role.LEAD, Role.ADMIN} | ({Role.MANAGER} if case.owner is None else set())
    return not needed.isdisjoint(roles_of(person, team))


def can_have(person: Person, team: Team, case: CaseState) -> bool:
    """Whether somebody may be asked to take a case, though they may not read it until then."""
    return bool(_by_role(Step.CLAIM, person, team, case))


def is_accountable(person: Person, team: Team, case: CaseState) -> bool:
    """Whether somebody sees a case only as an admin: such a look is put on record."""
    return _granting(Step.SEE, person, team, case) == {Role.ADMIN}


def _granting(step: Step, person: Person, team: Team, case: CaseState | None) -> set[Role]:
    """By which of their roles somebody may take the step."""
    if case is not None and not may_read(person, team, case):
        return set()
    return _by_role(step, person, team, case)


def _by_role(step: Step, person: Person, team: Team, case: CaseState | None) -> set[Role]:
    if person.standing is not Standing.MEMBER:
        return set()
    roles = roles_of(person, team)
    return {role for role in roles if _covers(GRANTS[step][role], person, team, case)}


def sees_all(person: Person, team: Team) -> bool:
    """Whether every case of the team is this person's to see, wherever they ask."""
    return is_granted(Step.SEE, person, team)


def _covers(grant: Grant, person: Person, team: Team, case: CaseState | None) -> bool:
    if case is None:
        return grant is Grant.ALL
    match grant:
        case Grant.OWN:
            return person.user == case.owner
        case Grant.CONCERNED:
            return person.user in (case.owner, case.reporter)
        case Grant.AWAITED:
            return person.user in (case.owner, case.reporter, *case.followers)
        case Grant.DEPUTY:
            return _deputises(person, team, case.priority)
        case _:
            return grant is Grant.ALL


def _deputises(person: Person, team: Team, priority: Priority) -> bool:
    named, most_severe_first = team.document.team, list(Priority)
    up_to = most_severe_first.index(named.deputies_up_to or Priority.NORMAL)
    return (
        not {person.user, *person.groups}.isdisjoint(named.deputies)
        and most_severe_first.index(priority) >= up_to
    )


def refusal(step: Step, person: Person, team: Team, case: CaseState | None) -> NotAllowed:
    """Return the error that says who may take the step instead."""
    about = None if case is None else case.id
    if (stranger := STRANGERS.get(person.standing)) is not None:
        return NotAllowed(stranger, step=step, case_id=about)
    if case is not None and not may_read(person, team, case):
        return _restricted(step, team, case)
    if step is Step.SEE and case is None:
        return NotAllowed(NOT_IN_A_CHANNEL, step=step, team=team.name)
    if step in REFUSALS:
        return NotAllowed(REFUSALS[step], step=step, case_id=about, team=team.name)
    if case is None or case.owner is None:
        return NotAllowed(UNCLAIMED, step=step, case_id=about)
    return NotAllowed(NOT_THE_OWNER, step=step, case_id=about, owner=Mention(case.owner))


def _restricted(step: Step, team: Team, case: CaseState) -> NotAllowed:
    about: dict[str, Param] = {"case": case.reference, "team": team.name}
    if case.owner is None:
        return NotAllowed(RESTRICTED_AND_UNCLAIMED, step=step, case_id=case.id, **about)
    reader = Mention(case.owner)
    return NotAllowed(RESTRICTED, step=step, case_id=case.id, reader=reader, **about)

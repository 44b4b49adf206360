"""Who may do what: the table of grants, and the functions that decide by it.

Everything not granted here is refused, with a message that says who may do it instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum, auto

from bot.case.state import CaseState
from bot.errors import NotAllowed
from bot.messages import N_, Mention, Param
from bot.people import Person, Standing
from bot.priority import Priority
from bot.team.team import Team


class Step(StrEnum):
    """An action that needs a permission. The values are stored in the audit trail."""

    ESCALATE = "escalate"
    SEE = "see"  # read the facts of a case
    SEE_CUSTOMER = "see_customer"  # read all facts about a customer, and their past cases
    COMMENT = "comment"  # edit the facts of a case
    CLAIM = "claim"
    UPDATE = "update"  # log progress and contact with the customer
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
    ROUTE = "route"  # rota, absences, assignment
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
    """The cases to which a permission extends."""

    NONE = auto()
    OWN = auto()  # the cases that one owns
    CONCERNED = auto()  # those, and the cases that one reported
    AWAITED = auto()  # those, and the cases that one follows
    DEPUTY = auto()  # cases up to the deputies' priority limit in the document
    ALL = auto()  # every case of the team


NONE, OWN, CONCERNED, AWAITED, DEPUTY, ALL = Grant

# Agents own cases only as deputies, or when an escalation level assigns them one.
GRANTS: Mapping[Step, Mapping[Role, Grant]] = {
    step: dict(zip(Role, grants, strict=True))
    for step, grants in {
        #                      agent      manager lead  admin
        Step.ESCALATE:        (ALL,       ALL,    ALL,  ALL),
        Step.SEE:             (CONCERNED, ALL,    ALL,  ALL),
        Step.SEE_CUSTOMER:    (NONE,      ALL,    ALL,  ALL),
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
        "Baton is for members of this workspace, and you are a guest here. Ask a colleague to "
        "make this request."
    ),
    Standing.OUTSIDER: N_(
        "Baton is for members of this workspace, and you are from another one. Ask your contact "
        "here to make this request."
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
    Step.SEE_CUSTOMER: N_("Only managers of {team} can see that. Ask one of them."),
    Step.COMMENT: N_("Only managers of {team} and the reporter can edit this case."),
    Step.CLAIM: N_("Only managers of {team} can claim cases. One of them will."),
    Step.DECLINE: N_("Only managers of {team} can decline cases. Ask one of them."),
    Step.MERGE: N_("Only managers of {team} can merge cases. Ask one of them."),
    Step.REOPEN: N_(
        "Only the reporter, a follower or a manager can reopen a case. Ask one of them."
    ),
    Step.APPEAL: N_("Only the reporter or a manager can appeal. Ask one of them."),
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


UNCONFIRMED = N_(
    "Slack has not confirmed your user groups for an hour, so your role in {team} is unknown. Try "
    "again in a few minutes. If that does not help, ask your Baton operator if a worker is running."
)


def roles_of(person: Person, team: Team) -> frozenset[Role]:
    """Return the roles that a person has in a team, possibly none."""
    known, named = {person.user, *person.groups}, team.document.team
    ids = {
        Role.MANAGER: named.managers,
        Role.LEAD: named.leads,
        Role.ADMIN: named.admins,
        Role.AGENT: named.deputies if named.agents == "everyone" else named.agents + named.deputies,
    }
    roles = {role for role, members in ids.items() if not known.isdisjoint(members)}
    if named.agents == "everyone":
        roles.add(Role.AGENT)
    if not named.admins and person.runs_slack:  # until the document names its admins
        roles.add(Role.ADMIN)
    return frozenset(roles)


def require_member(person: Person) -> None:
    """Check that the person is a full member of the workspace.

    Raises:
        NotAllowed: they are a guest, an outsider, a bot, deactivated or unknown.
    """
    if person.standing is not Standing.MEMBER:
        raise NotAllowed(STRANGERS[person.standing], step=Step.COMMENT)


def permit(step: Step, person: Person, team: Team, case: CaseState | None = None) -> None:
    """Check that the person may take the step.

    Raises:
        NotAllowed: they may not; the message says who may.
    """
    if is_granted(step, person, team, case):
        return
    raise refusal(step, person, team, case)


def is_granted(step: Step, person: Person, team: Team, case: CaseState | None = None) -> bool:
    return bool(_granting_roles(step, person, team, case))


def may_read(person: Person, team: Team, case: CaseState) -> bool:
    """Return whether the person may read what a case says. Always true unless it is restricted.

    A restricted case is for its owner, its reporter, the recipient of a pending hand-off, leads and
    admins. While it is unclaimed, managers may read it as well, so that one of them can claim it.
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


def may_see_customers(person: Person, team: Team) -> bool:
    """Return whether a person may see all facts about customers: by their role, or by name."""
    if person.standing is not Standing.MEMBER:
        return False
    named = team.document.team.customers_visible_to
    return is_granted(Step.SEE_CUSTOMER, person, team) or not {
        person.user,
        *person.groups,
    }.isdisjoint(named)


def may_own(person: Person, team: Team, case: CaseState) -> bool:
    """Return whether a person may become the owner, even of a case that they cannot read yet."""
    return bool(_roles_by_table(Step.CLAIM, person, team, case))


def is_accountable(person: Person, team: Team, case: CaseState) -> bool:
    """Return whether only the admin role lets a person see a case: such access is audited."""
    return _granting_roles(Step.SEE, person, team, case) == {Role.ADMIN}


def _granting_roles(step: Step, person: Person, team: Team, case: CaseState | None) -> set[Role]:
    """Return the roles by which a person may take the step."""
    if case is not None and not may_read(person, team, case):
        return set()
    return _roles_by_table(step, person, team, case)


def _roles_by_table(step: Step, person: Person, team: Team, case: CaseState | None) -> set[Role]:
    if person.standing is not Standing.MEMBER:
        return set()
    roles = roles_of(person, team)
    return {role for role in roles if _covers(GRANTS[step][role], person, team, case)}


def sees_all(person: Person, team: Team) -> bool:
    """Return whether the person may see every case of the team, in any channel."""
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
            return _is_deputy_for(person, team, case.priority)
        case _:
            return grant is Grant.ALL


def _is_deputy_for(person: Person, team: Team, priority: Priority) -> bool:
    named, most_urgent_first = team.document.team, list(Priority)
    up_to = most_urgent_first.index(named.deputies_up_to or Priority.NORMAL)
    return (
        not {person.user, *person.groups}.isdisjoint(named.deputies)
        and most_urgent_first.index(priority) >= up_to
    )


def refusal(step: Step, person: Person, team: Team, case: CaseState | None) -> NotAllowed:
    """Return the error that says who may take the step instead."""
    about = None if case is None else case.id
    if (stranger := STRANGERS.get(person.standing)) is not None:
        return NotAllowed(stranger, step=step, case_id=about)
    if is_granted(step, with_all_groups(person), team, case):
        return NotAllowed(UNCONFIRMED, step=step, case_id=about, team=team.name)
    if case is not None and not may_read(person, team, case):
        return _restricted(step, team, case)
    if step is Step.SEE and case is None:
        return NotAllowed(NOT_IN_A_CHANNEL, step=step, team=team.name)
    if step in REFUSALS:
        return NotAllowed(REFUSALS[step], step=step, case_id=about, team=team.name)
    if case is None or case.owner is None:
        return NotAllowed(UNCLAIMED, step=step, case_id=about)
    return NotAllowed(NOT_THE_OWNER, step=step, case_id=about, owner=Mention(case.owner))


def with_all_groups(person: Person) -> Person:
    """Return the person as if Slack had confirmed all their user groups."""
    groups = person.groups | person.unconfirmed_groups
    return replace(person, groups=groups, unconfirmed_groups=frozenset())


def _restricted(step: Step, team: Team, case: CaseState) -> NotAllowed:
    about: dict[str, Param] = {"case": case.reference, "team": team.name}
    if case.owner is None:
        return NotAllowed(RESTRICTED_AND_UNCLAIMED, step=step, case_id=case.id, **about)
    reader = Mention(case.owner)
    return NotAllowed(RESTRICTED, step=step, case_id=case.id, reader=reader, **about)

"""The table of permissions, cell by cell: against the rule itself, and in part through Slack."""

from pathlib import Path

import pytest

from bot.case import Case
from bot.case.permissions import Step, permit
from bot.errors import NotAllowed
from bot.people import ChannelId, Person, Standing, UserId
from bot.priority import Priority
from bot.team.team import Team
from handlers.sandbox import Person as SlackPerson
from tests.builders import a_case, a_member, a_team
from tests.world import BILLING, RANDOM, SUPPORT, TEAM, World, a_world

FILE = Path(__file__).parent / "data" / "who_may.txt"
MEMBERS = ["reporter", "agent", "deputy", "manager", "owner", "lead", "admin", "runs_slack"]
IDS = {"reporter": "U0ANA", "workspace_2": "U0OFTWO"} | {
    name: f"U0{name.upper().replace('_', '')}"
    for name in [*MEMBERS[1:], "stranger", "guest", "outsider", "bot", "deactivated", "unknown"]
}
A_BUSY_MACHINE = 20.0  # seconds that the sandbox waits for a response
NOT_MEMBERS = [IDS[name] for name in ("guest", "outsider", "bot", "deactivated", "unknown")]


def document(*, admins: bool) -> str:
    """Return a team document that names everyone, including those who must gain nothing by it."""
    named = {
        "managers": [IDS["manager"], IDS["owner"], *NOT_MEMBERS],
        "leads": [IDS["lead"], *NOT_MEMBERS],
        "agents": [IDS[name] for name in ("reporter", "agent", "deputy", "runs_slack")],
        "deputies": [IDS["deputy"]],
    }
    if admins:
        named["admins"] = [IDS["admin"], *NOT_MEMBERS]
    lines = [f"{key} = [{', '.join(map(repr, ids))}]" for key, ids in named.items()]
    rest = TEAM.replace('managers = ["U0MAYA", "S0MANAGERS"]\nleads = ["U0LEO"]', "\n".join(lines))
    return rest.replace("'", '"')


def rows() -> list[tuple[str, str, dict[str, str]]]:
    text = FILE.read_text(encoding="utf-8")
    head, *lines = [line.split() for line in text.splitlines() if line[:1] not in ("", "#")]
    return [(step, case, dict(zip(head[2:], cells, strict=True))) for step, case, *cells in lines]


CELLS = [(step, case, who, cell) for step, case, row in rows() for who, cell in row.items()]


def person_as(who: str) -> Person:
    if who == "workspace_2":  # unknown in workspace 1
        return Person(UserId(IDS[who]))
    standing = Standing(who) if who in set(Standing) else Standing.MEMBER
    return Person(UserId(IDS[who]), standing=standing, runs_slack=who == "runs_slack")


def case_in(case: str, team: Team) -> Case | None:
    if case == "-":
        return None
    priority = Priority.URGENT if case == "urgent" else Priority.NORMAL
    made = a_case(team=team, priority=priority)
    if case in ("held", "deputised", "kept", "offered"):
        owner = a_member(IDS["deputy" if case == "deputised" else "owner"])
        made.claim(by=owner, at=made.opened_at)
        made.restricted = case in ("kept", "offered")
        if case == "offered":
            made.hand_off(a_member(IDS["manager"]), "Yours?", by=owner, at=made.opened_at)
    made.restricted |= case == "restricted"
    return made


@pytest.mark.parametrize(("step", "case", "who", "cell"), CELLS)
def test_the_rule_agrees_with_each_cell_of_the_table(
    step: str, case: str, who: str, cell: str
) -> None:
    team = a_team(document(admins=who != "runs_slack" or case != "-"))
    person, about = person_as(who), case_in(case, team)
    if cell == "yes":
        permit(Step(step), person, team, about)
    else:
        with pytest.raises(NotAllowed) as denied:
            permit(Step(step), person, team, about)
        assert denied.value.step == step
        assert denied.value.message.endswith(".")


def test_every_step_and_every_kind_of_person_is_in_the_table() -> None:
    assert {step for step, _, _ in rows()} == {*Step}
    assert {who for _, _, row in rows() for who in row} == set(IDS)
    assert {*Standing} - {"member"} <= set(IDS)


@pytest.mark.parametrize("where", [SUPPORT, RANDOM, BILLING, ChannelId("D0DIRECT"), None])
@pytest.mark.parametrize("kind", ["held", "kept"])
@pytest.mark.parametrize("who", IDS)
def test_every_member_sees_a_case_in_its_channel_unless_it_is_restricted(
    who: str, kind: str, where: ChannelId | None
) -> None:
    case = case_in(kind, a_team(document(admins=True)))
    assert case is not None
    [row] = [row for step, other, row in rows() if (step, other) == ("see", kind)]
    is_member = person_as(who).standing is Standing.MEMBER
    if row[who] == "yes" or (where == SUPPORT and is_member and kind == "held"):
        case.may_be_seen(by=person_as(who), where=where)
    else:
        with pytest.raises(NotAllowed):
            case.may_be_seen(by=person_as(who), where=where)


KINDS = {"guest": "guest", "bot": "bot", "deactivated": "deleted", "runs_slack": "admin"}


def slack_person(world: World, who: str) -> SlackPerson:
    """Add a person to the sandbox and its channels, and return them."""
    id_ = IDS[who]
    if id_ not in world.slack.workspace.people:
        facts = {KINDS[who]: True} if who in KINDS else {}
        world.slack.workspace.add_person(id_, who, who.title(), **facts)
    for channel in (SUPPORT, RANDOM):
        if id_ not in (members := world.slack.workspace.channel(channel).members):
            members.append(id_)
    return world.slack.person(id_)


async def test_the_table_holds_through_slack(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=document(admins=True)) as world:
        world.slack.pace.on = False
        world.slack.dispatch.patience = A_BUSY_MACHINE
        table = {(step, case): row for step, case, row in rows()}
        reporter = slack_person(world, "reporter")
        await world.reads_people()
        await world.escalates(reporter, Priority="Normal")
        for who in [*MEMBERS, "stranger", "guest", "bot", "deactivated"]:
            person = slack_person(world, who)
            await world.reads_people()
            await person.types("/baton 1", channel=RANDOM)
            assert ("Acme" in person.ephemerals[-1]) is (table["see", "open"][who] == "yes"), who
            await person.types("/escalate", channel=SUPPORT)
            assert (person.modal is not None) is (table["escalate", "-"][who] == "yes"), who
            await person.presses("Decline", on=world.card)
            shown = "Decline" in str(person.modal.view["title"]) if person.modal else False
            assert shown is (table["decline", "open"][who] == "yes"), who

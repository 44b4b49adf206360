"""The ways to open the escalation form, and how it rejects mistakes."""

from bot.priority import Priority
from tests.builders import berlin
from tests.world import BILLING, RANDOM, SUPPORT, TEAM, World, a_world

REQUIRED = ["Customer", "What happened?", "Why does it need a manager?", "Priority"]
OPTIONAL = ["Category", "Ticket link", "Source", "What does the customer want?"]


def labels(world: World) -> list[str]:
    assert world.ana.modal is not None
    return [it["label"]["text"] for it in world.ana.modal.view["blocks"] if it["type"] == "input"]


async def test_the_form_has_four_required_and_four_optional_fields(quick_world: World) -> None:
    await quick_world.ana.types("/escalate", channel=SUPPORT)
    assert labels(quick_world) == [*REQUIRED, *OPTIONAL]
    assert quick_world.ana.modal is not None
    blocks = quick_world.ana.modal.view["blocks"]
    assert [it["optional"] for it in blocks] == [False] * 4 + [True] * 4
    assert quick_world.ana.modal.view["title"]["text"] == "Escalate a case"


async def test_text_after_the_command_prefills_the_form(world: World) -> None:
    await world.ana.types("/escalate Acme & Söhne <cannot> log in", channel=SUPPORT)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    case = await world.case()
    assert case.summary == "Acme & Söhne <cannot> log in"
    assert case.priority is Priority.NORMAL


async def test_help_is_shown_only_to_the_person_who_asked(quick_world: World) -> None:
    await quick_world.ana.types("/escalate help", channel=SUPPORT)
    assert quick_world.ana.modal is None
    assert "escalate the case" in quick_world.ana.ephemerals[-1]
    assert quick_world.cards() == []


async def test_the_global_shortcut_opens_the_same_form(quick_world: World) -> None:
    await quick_world.ana.uses_shortcut("escalate")
    assert labels(quick_world) == [*REQUIRED, *OPTIONAL]


async def test_a_message_is_escalated_with_its_text_and_a_link(quick_world: World) -> None:
    world = quick_world
    message = await world.ben.posts("Acme <@U0MAYA> is down & angry", channel=RANDOM)
    await world.ana.uses_shortcut("escalate_message", on=message)
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    case = await world.case()
    assert case.summary.startswith("Acme @U0MAYA is down & angry")
    assert case.summary.endswith(f"/archives/{RANDOM}/p{message.ts.replace('.', '')}")


async def test_mistakes_are_shown_under_their_fields_and_nothing_is_lost(
    quick_world: World,
) -> None:
    ana = quick_world.ana
    await ana.types("/escalate the import is broken", channel=SUPPORT)
    await ana.fills(
        {
            "Customer": "   ",
            "Why does it need a manager?": ["Risk"],
            "Ticket link": "https://exa mple",
        }
    )
    await ana.submits()
    assert ana.errors["Customer"] == "Please write a few words here."
    assert "web address" in ana.errors["Ticket link"]
    await ana.fills({"Customer": "Acme", "Ticket link": "https://example.com/1"})
    await ana.submits()
    assert ana.modal is None
    assert (await quick_world.case()).summary == "the import is broken"


async def test_without_a_team_the_reply_says_how_to_set_one_up(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket", team=None) as world:
        await world.ana.types("/escalate Acme is down", channel=SUPPORT)
        assert world.ana.modal is None
        assert "baton config apply FILE" in world.ana.ephemerals[-1]
        await world.ana.types("/baton", channel=SUPPORT)
        assert "baton config apply FILE" in world.ana.ephemerals[-1]


async def test_only_agents_of_the_team_may_escalate(sqlite_url: str) -> None:
    team = TEAM.replace('leads = ["U0LEO"]', 'leads = ["U0LEO"]\nagents = ["U0BEN"]')
    async with a_world(sqlite_url, mode="socket", team=team) as world:
        await world.ana.types("/escalate Acme is down", channel=SUPPORT)
        assert "Only agents of Support" in world.ana.ephemerals[-1]


async def test_with_several_teams_the_form_asks_for_the_team(sqlite_url: str) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        world.slack.workspace.add_channel(
            BILLING, "billing", members=["U0ANA", "U0MAYA", world.slack.workspace.app.user]
        )
        billing = TEAM.replace('"Support"', '"Billing"').replace("C0SUPPORT", BILLING)
        await world.applies(billing)
        await world.ana.types("/escalate", channel=RANDOM)
        assert labels(world)[0] == "Team"
        await world.ana.fills(
            {
                "Team": "Billing",
                "Customer": "Acme",
                "What happened?": "Charged twice",
                "Why does it need a manager?": ["Dissatisfaction"],
            }
        )
        await world.ana.submits()
        await world.settle()
        assert len(world.cards(BILLING)) == 1
        await world.ana.types("/escalate", channel=BILLING)
        assert labels(world)[0] == "Customer"


async def test_a_case_opened_on_friday_evening_is_due_on_monday(sqlite_url: str) -> None:
    friday = berlin("2026-03-06 17:50")
    async with a_world(sqlite_url, mode="socket", start=friday) as world:
        await world.escalates(world.ana)
        assert f"<!date^{int(berlin('2026-03-09 09:05').timestamp())}^" in world.card.text
        await world.until(berlin("2026-03-08 20:00"))
        assert world.leo.dms() == []
        await world.until(berlin("2026-03-09 09:05"))
        assert "*ESC-1* (Acme) is overdue and unclaimed" in world.leo.dms()[-1].text

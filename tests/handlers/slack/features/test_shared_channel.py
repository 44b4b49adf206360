"""A channel that is shared with another company: its people do not read what cases say."""

from bot.people import CaseId, ChannelId
from handlers.jobs.channels import refresh_channels, update_shared_cards
from handlers.sandbox import Message
from handlers.slack.features.channel_events import follow_channel
from storage import Transaction
from storage.directory.channels import CASES_AT_ONCE
from tests.handlers.actions import SOLVED
from tests.handlers.test_kill_points import open_cases
from tests.world import RANDOM, SUPPORT, TEAM, WORKSPACE, World

SECRETS = ("Acme", "Nobody can log in")


def said_in_channel(world: World) -> str:
    """Return the text and blocks of every message in #support."""
    return "\n".join(f"{it.text} {it.blocks}" for it in world.cards())


def is_hidden(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def warnings(world: World) -> list[str]:
    return [it.text for it in world.leo.dms() if "shared with another company" in it.text]


async def checks_channels(world: World) -> None:
    await refresh_channels(world.store, world.baton.client, WORKSPACE)
    await world.settle()


async def test_the_cards_of_a_shared_channel_say_no_more_than_number_and_priority(
    world: World,
) -> None:
    await world.escalates(world.ana)
    assert not is_hidden(world.card.text)
    await world.slack.shares_channel(SUPPORT)
    await world.settle()
    card = world.cards()[0]
    assert is_hidden(f"{card.text} {card.blocks}")
    assert "ESC-1" in card.text
    assert "Urgent" in card.text
    await world.maya.presses("Claim", on=card)
    assert (await world.case()).owner == "U0MAYA"
    await world.maya.types("/baton 1", channel=SUPPORT)
    assert "Acme" in world.maya.ephemerals[-1]


async def test_a_new_case_in_a_shared_channel_is_posted_redacted(world: World) -> None:
    await world.slack.shares_channel(SUPPORT)
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.cards()[0])
    await world.settle()
    await world.maya.presses("Resolve", on=world.cards()[0])
    await world.maya.fills(SOLVED)
    await world.maya.submits()
    await world.later(days=1)  # with a digest
    said = said_in_channel(world)
    assert is_hidden(said)
    assert not any(words in said for words in SOLVED.values())
    assert is_hidden(str([(it.text, it.blocks) for it in thread_of(world)]))


async def test_what_the_thread_leaves_out_goes_to_the_readers_of_the_case(world: World) -> None:
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.slack.shares_channel(SUPPORT)
    await world.settle()
    await world.maya.presses("Update", on=world.cards()[0])
    await world.maya.submits(Details="Acme runs an old version")
    await world.settle()
    assert "old version" not in str([(it.text, it.blocks) for it in thread_of(world)])
    for reader in (world.ana, world.leo):
        assert "Acme runs an old version" in reader.dms()[-1].text


def thread_of(world: World) -> list[Message]:
    return world.maya.thread(world.cards()[0])


async def test_the_leads_are_warned_once_and_told_what_to_do(world: World) -> None:
    await world.slack.shares_channel(SUPPORT)
    await world.slack.shares_channel(SUPPORT)
    for _ in range(2):
        await checks_channels(world)
    [warning] = warnings(world)
    assert "Next step: stop sharing <#C0SUPPORT>" in warning
    assert "give *Support* another channel" in warning
    assert not any("shared" in it.text for it in world.maya.dms())


async def test_once_the_channel_is_no_longer_shared_its_cards_are_shown_in_full(
    world: World,
) -> None:
    await world.escalates(world.ana)
    await world.slack.shares_channel(SUPPORT)
    await world.settle()
    await world.slack.shares_channel(SUPPORT, shared=False)
    await world.settle()
    assert "Nobody can log in" in world.cards()[0].text
    await world.slack.shares_channel(SUPPORT)  # a new reason to warn
    await world.settle()
    assert len(warnings(world)) == 2


async def test_sharing_that_no_event_told_of_is_found_by_asking(world: World) -> None:
    await world.escalates(world.ana)
    world.slack.workspace.channel(SUPPORT).shared = True
    await checks_channels(world)
    assert is_hidden(world.cards()[0].text)
    assert len(warnings(world)) == 1
    world.slack.faults.next("conversations.info", "error:missing_scope")
    await checks_channels(world)
    assert is_hidden(world.cards()[0].text)
    world.slack.workspace.channel(SUPPORT).shared = False
    await checks_channels(world)
    assert not is_hidden(world.cards()[0].text)


async def test_a_team_that_is_given_a_shared_channel_is_redacted_from_the_start(
    quick_world: World,
) -> None:
    world = quick_world
    world.slack.workspace.channel(SUPPORT).shared = True
    await world.applies(TEAM.replace('"09:00"\n', '"10:00"\n'))
    await world.escalates(world.ana)
    assert is_hidden(world.cards()[0].text)


async def test_a_channel_stays_redacted_under_its_new_id(quick_world: World) -> None:
    world = quick_world
    await world.escalates(world.ana)
    await world.slack.shares_channel(SUPPORT)
    await world.store.of(WORKSPACE).run(follow_channel, SUPPORT, RANDOM)
    assert await world.store.of(WORKSPACE).read(lambda tx: tx.shared_channels.has(RANDOM))


async def test_a_question_to_a_department_in_a_shared_channel_is_redacted(
    quick_world: World,
) -> None:
    world = quick_world
    billing = ChannelId("C0BILLING")
    everyone = list(world.slack.workspace.channel(SUPPORT).members)
    world.slack.workspace.add_channel(billing, "billing", members=everyone)
    await world.applies(f'{TEAM}\n[departments.billing]\nchannel = "{billing}"\n')
    await world.escalates(world.ana)
    await world.maya.presses("Claim", on=world.card)
    await world.settle()
    await world.slack.shares_channel(billing)
    await world.maya.presses("More", on=world.card)
    await world.maya.presses("Ask a department")
    await world.maya.submits(Your_question="Did Acme pay?")
    await world.settle()
    asked = world.cards(billing)
    assert asked
    assert is_hidden(str([(it.text, it.blocks) for it in asked]))
    assert not is_hidden(world.card.text)


async def test_a_large_channel_is_redacted_in_steps_that_a_crash_only_delays(world: World) -> None:
    workspace, count = world.store.of(WORKSPACE), CASES_AT_ONCE + 3
    await workspace.run(open_cases, "Support", count)
    before = await workspace.read(updates_wanted, count)
    await world.slack.shares_channel(SUPPORT)
    assert await workspace.read(updates_wanted, count) == [
        wanted + (number <= CASES_AT_ONCE) for number, wanted in enumerate(before, start=1)
    ]
    for _ in range(2):  # as a worker does every minute
        await update_shared_cards(world.store, WORKSPACE)
        assert await workspace.read(updates_wanted, count) == [it + 1 for it in before]


def updates_wanted(tx: Transaction, count: int) -> list[int]:
    return [tx.cases.look_up(CaseId(number)).card.wanted for number in range(1, count + 1)]

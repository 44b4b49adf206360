"""Whatever people write comes out as they wrote it: literal, whole, and without any power."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.text import cleaned
from handlers.sandbox import Message, Person
from handlers.sandbox.calls import Call
from handlers.slack.render import unmarked
from handlers.slack.views.forms.answers import EMPTY, TOO_LONG
from tests.handlers.http.endpoint import tracebacks
from tests.world import RANDOM, SUPPORT, World, a_world

TEXTS = {
    "shouts and names": "<!channel> <!here> <!everyone|all> @channel @here <@U0EVIL> <@W0EVIL|leo>"
    " <!subteam^S0EVIL|@all> #general <#C0EVIL>",
    "links and dates": "<https://evil.example|https://bank.example> https://evil.example"
    " <mailto:a@evil.example|bank> <!date^0^{date}^https://evil.example|today>",
    "half an entity": "<!chan &lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!here> |> &lt"
    " <https:// <@",
    "families and skin tones": "👨‍👩‍👧‍👦" * 200 + "👍🏽👩🏿‍🚒" * 200,
    "right to left, and turned": "العميل غاضب جداً ולכן הוא מחכה " * 20
    + "\u202efdp.exe \u2066x\u2069",
    "stacked marks": "".join(letter + "\u0335\u0328\u0317\u033f\u0351" * 8 for letter in "zalgo")
    * 9,
    "controls": "a\x00b\x07c\x1b[31md\x7fe\x9bf\r\ng\rh\x0bi \u2028 \u2029 \ufeff \u200b",
    "markup": "*bold* _slanted_ ~gone~ `code` ```block``` \n> quoted :bomb: \n• point",
    "templates": "$name ${owner} $$ $owner {{ 7*7 }} {% for x in y %} {{ case.owner }} {# %s {0}",
    "ampersands": "&" * 3000,
    "angles": "<>" * 1500,
    "newlines": "a" + "\n" * 2998 + "b",
    "one long word": "x" * 3000,
}

OURS = re.compile(
    r"<@U0(ANA|MAYA|BEN|LEO)>"
    r"|<#C0SUPPORT>"
    r"|<!subteam\^S0MANAGERS>"
    r"|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[-\d]+ [:\d]+ UTC>"
    r"|<https://sandbox\.slack\.com/archives/C0SUPPORT/p\d+\|(ESC-\d+|Open the case)>"
    r"|<https://desk\.example/\?[^<>|\s]*>"
)
"""All the live markup there may be: our own."""

BARE = re.compile(r"[<>]|&(?!(amp|lt|gt);)")


async def test_whatever_people_write_goes_literally_through_the_life_of_a_case(
    database_url: str, log: pytest.LogCaptureFixture
) -> None:
    async with a_world(database_url, mode="socket") as world:
        for number, (name, text) in enumerate(TEXTS.items(), start=1):
            await goes_through_a_life(world, number, text)
            assert_all_harmless(world, name)
            world.slack.calls.clear()
        await world.maya.opens_home()
        await world.later(days=1)
        assert "Open now" in world.cards()[-1].text
        assert_all_harmless(world, "the digest")
        assert not tracebacks(log)


async def goes_through_a_life(world: World, number: int, text: str) -> None:
    ana, maya = world.ana, world.maya
    await ana.types(f"/escalate {text}", channel=SUPPORT)
    await ana.fills(
        {
            "Customer": text[:120],
            "Why does it need a manager?": ["Risk"],
            "Priority": "Urgent",
            "Category": text[-60:],
            "Ticket link": f"https://desk.example/?{number}",
            "What does the customer want?": text[:3000],
        }
    )
    await ana.submits()
    assert not ana.errors
    await world.settle()
    card = world.cards()[-1]
    assert cleaned(text) in plain_words(story_of(ana, card))
    assert cleaned(text) in html.unescape(story_of(ana, card).text)
    await maya.types("/baton", channel=SUPPORT)
    await maya.presses("Claim", on=card)
    await world.settle()
    await maya.types("/baton mine", channel=SUPPORT)
    await maya.types(f"/baton {number}", channel=SUPPORT)
    await maya.types(f"/baton {text}", channel=SUPPORT)
    await maya.presses("Resolve", on=card)
    await maya.fills(dict.fromkeys(RESOLUTION, text))
    await maya.submits()
    await world.settle()
    assert plain_words(ana.thread(card)[-1]).count(cleaned(text)) == len(RESOLUTION)
    await ana.presses("Reopen", on=card)
    await ana.fills({"Why is it not over?": text})
    await ana.submits()
    await world.settle()
    assert cleaned(text) in plain_words(ana.thread(card)[-1])
    assert "has it" in card.text


async def test_an_answer_that_nobody_could_see_is_no_answer(quick_world: World) -> None:
    ana = quick_world.ana
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({"Why does it need a manager?": ["Risk"]})
    for nothing in (" ", "\n\t\r\n", "\u00a0\u2003", "\u200b\u2060\ufeff", "\x00\x07"):
        await ana.fills(dict.fromkeys(["Customer", "What happened?"], nothing))
        await ana.submits()
        assert ana.errors == {"Customer": EMPTY, "What happened?": EMPTY}


LONG = "“It is <b>down</b> & they are upset” 👩‍🚒 " * 240  # 10,000 characters


async def test_ten_thousand_characters_after_the_command_reach_the_thread(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="http") as world:
        await reaches_the_thread_whole(world)


async def reaches_the_thread_whole(world: World) -> None:
    await world.ana.types(f"/escalate {LONG}", channel=SUPPORT)
    assert "whole text" in world.ana.modal.words  # type: ignore[union-attr]  # it is open
    await sends_in(world)
    assert plain_words(story_of(world.ana, world.card)) == LONG.strip()
    assert html.unescape(story_of(world.ana, world.card).text).endswith(LONG.strip())
    assert_all_harmless(world, "a long command")


async def test_ten_thousand_characters_of_a_message_reach_the_thread(quick_world: World) -> None:
    world = quick_world
    await world.ana.uses_shortcut(
        "escalate_message", on=await world.ana.posts(LONG, channel=RANDOM)
    )
    await sends_in(world)
    [*_, card] = world.cards()
    told, _, link = plain_words(story_of(world.ana, card)).rpartition("\n\n")
    assert told == LONG.strip()
    assert link.startswith("https://sandbox.slack.com/archives/C0RANDOM/p")
    assert_all_harmless(world, "a long message")


async def test_of_a_long_story_edited_in_the_form_nothing_is_lost(quick_world: World) -> None:
    world = quick_world
    await world.ana.types(f"/escalate {LONG}", channel=SUPPORT)
    await world.ana.fills({"What happened?": "In short: it is down"})
    await sends_in(world)
    told = plain_words(story_of(world.ana, world.card))
    assert told == f"In short: it is down\n\nAs first written:\n{LONG.strip()}"


async def test_the_form_takes_three_thousand_characters_and_says_so(quick_world: World) -> None:
    ana = quick_world.ana
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({"What happened?": "x" * 10_000})
    await ana.submits()
    assert ana.errors["What happened?"] == "Please enter at most 3000 characters."


async def test_a_text_that_unicode_makes_longer_can_be_resolved_again(quick_world: World) -> None:
    """These letters have no form of their own in NFC: one becomes three."""
    world, maya = quick_world, quick_world.maya
    await world.escalates(
        world.ana, **{"What happened?": "\ufb2c" * 3000, "Customer": "\ufb2c" * 120}
    )
    await maya.presses("Claim", on=world.card)
    await world.settle()
    for _ in range(2):
        await maya.presses("Resolve", on=world.card)
        await maya.fills(dict.fromkeys(RESOLUTION, "\ufb2c" * 3000))
        await maya.submits()
        await world.settle()
        await maya.presses("Reopen", on=world.card)
        await maya.fills({"Why is it not over?": "\ufb2c" * 3000})
        await maya.submits()
        await world.settle()
    await maya.presses("Resolve", on=world.card)
    assert maya.modal is not None


@pytest.mark.parametrize("length", [100, 900, 2900])
async def test_a_ticket_link_works_on_the_card_or_is_not_taken(
    quick_world: World, length: int
) -> None:
    world = quick_world
    address = "https://desk.example/?" + "&" * length
    await world.ana.types("/escalate Nobody can log in", channel=SUPPORT)
    await world.ana.fills({"Ticket link": address})
    await sends_in(world)
    if length == 100:
        assert f"<{address.replace('&', '&amp;')}>" in str(world.card.blocks)
        assert_all_harmless(world, "a ticket link")
    else:
        assert world.ana.errors == {"Ticket link": TOO_LONG}


NO_ADDRESSES = (
    "https://a.example|https://b.example", "https://a.example/<!channel>", "javascript://x/%0a",
    "https://", "https://[::1", "https://a .example", "//a.example", "\u202ehttps://a.example",
)  # fmt: skip


async def test_what_is_no_web_address_never_becomes_a_link(quick_world: World) -> None:
    world = quick_world
    for address in NO_ADDRESSES:
        await world.ana.types("/escalate Nobody can log in", channel=SUPPORT)
        await world.ana.fills({"Ticket link": address})
        await sends_in(world)
        if world.ana.modal is not None:
            await world.ana.closes()
    for call in world.slack.calls.to("chat.postMessage"):
        for text in live_texts(call):
            assert re.search(r"Ticket: <https://[^<>|\s]+>", text) or "Ticket" not in text


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("<!channel> <!here|here> <!subteam^S1|@ops>", "@channel @here @ops"),
        ("<@U1|ana> <@U1> <#C1|general>", "@ana @U1 #general"),
        (
            "<https://evil.example|bank> <https://a.example>",
            "bank (https://evil.example) https://a.example",
        ),
        ("&lt;!channel&gt; &amp;lt;", "<!channel> &lt;"),
        ("<> <|> <|label> <@> <!> <#|>", "<> <|> <|label> @ @ #"),
        ("<!date^1^{date} at {time}|Monday> <!date^1^{date}>", "Monday "),
        ("<" * 50, "<" * 50),
    ],
)
def test_a_message_is_read_as_its_readers_saw_it(kept: str, read: str) -> None:
    assert unmarked(kept) == read


async def test_what_baton_does_not_understand_is_repeated_without_its_tricks(
    quick_world: World,
) -> None:
    world = quick_world
    await world.ana.types("/baton \u202edrawkcab \x00 <!channel> $owner {{7}}", channel=SUPPORT)
    assert "“drawkcab &lt;!channel&gt; $owner {{7}}”" in world.ana.ephemerals[-1]


async def sends_in(world: World) -> None:
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    await world.settle()


RESOLUTION = ("What was the outcome?", "What was the root cause?", "How will we prevent it?")


def story_of(person: Person, card: Message) -> Message:
    return person.thread(card)[1]


def assert_all_harmless(world: World, name: str) -> None:
    for call in world.slack.calls:
        assert call.ok, (name, call.method, call.answer)
        for text in live_texts(call):
            left = OURS.sub("", text)
            assert not BARE.search(left), (name, call.method, left[:300])
    people = (world.ana, world.maya, world.leo, world.ben)
    for told in (told for person in people for told in person.ephemerals):
        assert not BARE.search(OURS.sub("", told)), (name, told[:300])


def live_texts(call: Call) -> Iterator[str]:
    """Every text in which Slack looks for markup."""
    if call.method.startswith("chat."):
        yield call.args["text"]
        assert not call.args.get("link_names")
        assert call.args.get("parse", "none") == "none"
    shown = call.args.get("blocks") or call.args.get("view")
    for text in objects_in(shown):
        if text["type"] == "mrkdwn":
            assert text.get("verbatim"), text  # else Slack makes links of bare addresses and names
            yield text["text"]


def plain_words(message: Message) -> str:
    """What Slack shows as it is."""
    return "".join(it["text"] for it in objects_in(message.blocks) if it["type"] == "plain_text")


def objects_in(part: Any) -> Iterator[dict[str, Any]]:
    """Every text object, in reading order."""
    if isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn") and isinstance(part.get("text"), str):
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from objects_in(one)

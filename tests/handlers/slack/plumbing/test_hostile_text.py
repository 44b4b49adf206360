"""Text that people write reaches Slack literally and in full, and none of it acts as markup."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.text import cleaned
from handlers.sandbox import Message, Person
from handlers.sandbox.calls import Call
from handlers.slack.render import without_markup
from handlers.slack.views.forms.answers import EMPTY, TOO_LONG
from tests.handlers.http.endpoint import tracebacks
from tests.world import RANDOM, SUPPORT, World, a_world

TEXTS = {
    "mentions": "<!channel> <!here> <!everyone|all> @channel @here <@U0EVIL> <@W0EVIL|leo>"
    " <!subteam^S0EVIL|@all> #general <#C0EVIL>",
    "links and dates": "<https://evil.example|https://bank.example> https://evil.example"
    " <mailto:a@evil.example|bank> <!date^0^{date}^https://evil.example|today>",
    "broken entities": "<!chan &lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!here> |> &lt"
    " <https:// <@",
    "joined emoji and skin tones": "👨‍👩‍👧‍👦" * 200 + "👍🏽👩🏿‍🚒" * 200,
    "right to left and overrides": "العميل غاضب جداً ולכן הוא מחכה " * 20
    + "\u202efdp.exe \u2066x\u2069",
    "combining marks": "".join(letter + "\u0335\u0328\u0317\u033f\u0351" * 8 for letter in "zalgo")
    * 9,
    "control characters": "a\x00b\x07c\x1b[31md\x7fe\x9bf\r\ng\rh\x0bi \u2028 \u2029 \ufeff \u200b",
    "markup": "*bold* _slanted_ ~gone~ `code` ```block``` \n> quoted :bomb: \n• point",
    "templates": "$name ${owner} $$ $owner {{ 7*7 }} {% for x in y %} {{ case.owner }} {# %s {0}",
    "ampersands": "&" * 3000,
    "angle brackets": "<>" * 1500,
    "newlines": "a" + "\n" * 2998 + "b",
    "one long word": "x" * 3000,
}

OWN_MARKUP = re.compile(
    r"<@U0(ANA|MAYA|BEN|LEO)>"
    r"|<#C0SUPPORT>"
    r"|<!subteam\^S0MANAGERS>"
    r"|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[-\d]+ [:\d]+ UTC>"
    r"|<https://sandbox\.slack\.com/archives/C0SUPPORT/p\d+\|(ESC-\d+|Open the case)>"
    r"|<https://desk\.example/\?[^<>|\s]*>"
)
"""The only markup that Slack may interpret: what Baton writes itself."""

UNESCAPED = re.compile(r"[<>]|&(?!(amp|lt|gt);)")


async def test_hostile_text_stays_literal_from_the_escalation_to_the_reopening(
    database_url: str, log: pytest.LogCaptureFixture
) -> None:
    async with a_world(database_url, mode="socket") as world:
        for number, (name, text) in enumerate(TEXTS.items(), start=1):
            await runs_a_case_with(world, number, text)
            assert_no_foreign_markup(world, name)
            world.slack.calls.clear()
        await world.maya.opens_home()
        await world.later(days=1)
        assert "Open now" in world.cards()[-1].text
        assert_no_foreign_markup(world, "the digest")
        assert not tracebacks(log)


async def runs_a_case_with(world: World, number: int, text: str) -> None:
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
    assert cleaned(text) in plain_text(story_of(ana, card))
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
    assert plain_text(ana.thread(card)[-1]).count(cleaned(text)) == len(RESOLUTION)
    await ana.presses("Reopen", on=card)
    await ana.fills({"Why does it need more work?": text})
    await ana.submits()
    await world.settle()
    assert cleaned(text) in plain_text(ana.thread(card)[-1])
    assert "Owner: <@U0MAYA>" in card.text


async def test_an_answer_of_invisible_characters_counts_as_empty(quick_world: World) -> None:
    ana = quick_world.ana
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({"Why does it need a manager?": ["Risk"]})
    for invisible in (" ", "\n\t\r\n", "\u00a0\u2003", "\u200b\u2060\ufeff", "\x00\x07"):
        await ana.fills(dict.fromkeys(["Customer", "What happened?"], invisible))
        await ana.submits()
        assert ana.errors == {"Customer": EMPTY, "What happened?": EMPTY}


LONG = "“It is <b>down</b> & they are upset” 👩‍🚒 " * 240  # 10,000 characters


async def test_ten_thousand_characters_typed_after_the_command_reach_the_thread(
    database_url: str,
) -> None:
    async with a_world(database_url, mode="http") as world:
        await escalates_long_text(world)


async def escalates_long_text(world: World) -> None:
    await world.ana.types(f"/escalate {LONG}", channel=SUPPORT)
    assert world.ana.modal is not None
    assert "All of it goes into the case's thread." in world.ana.modal.words
    await submits_the_form(world)
    assert plain_text(story_of(world.ana, world.card)) == LONG.strip()
    assert html.unescape(story_of(world.ana, world.card).text).endswith(LONG.strip())
    assert_no_foreign_markup(world, "a long command")


async def test_a_message_of_ten_thousand_characters_reaches_the_thread(quick_world: World) -> None:
    world = quick_world
    await world.ana.uses_shortcut(
        "escalate_message", on=await world.ana.posts(LONG, channel=RANDOM)
    )
    await submits_the_form(world)
    [*_, card] = world.cards()
    story, _, link = plain_text(story_of(world.ana, card)).rpartition("\n\n")
    assert story == LONG.strip()
    assert link.startswith("https://sandbox.slack.com/archives/C0RANDOM/p")
    assert_no_foreign_markup(world, "a long message")


async def test_editing_a_long_text_in_the_form_keeps_the_original(quick_world: World) -> None:
    world = quick_world
    await world.ana.types(f"/escalate {LONG}", channel=SUPPORT)
    await world.ana.fills({"What happened?": "In short: it is down"})
    await submits_the_form(world)
    story = plain_text(story_of(world.ana, world.card))
    assert story == f"In short: it is down\n\nAs first written:\n{LONG.strip()}"


async def test_the_form_rejects_more_than_three_thousand_characters(quick_world: World) -> None:
    ana = quick_world.ana
    await ana.types("/escalate", channel=SUPPORT)
    await ana.fills({"What happened?": "x" * 10_000})
    await ana.submits()
    assert ana.errors["What happened?"] == "Please enter at most 3000 characters."


async def test_a_case_whose_text_grows_when_normalized_can_be_resolved_again(
    quick_world: World,
) -> None:
    """NFC has no single character for these letters, so each becomes three."""
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
        await maya.fills({"Why does it need more work?": "\ufb2c" * 3000})
        await maya.submits()
        await world.settle()
    await maya.presses("Resolve", on=world.card)
    assert maya.modal is not None


@pytest.mark.parametrize("length", [100, 900, 2900])
async def test_a_ticket_link_works_on_the_card_or_is_rejected(
    quick_world: World, length: int
) -> None:
    world = quick_world
    address = "https://desk.example/?" + "&" * length
    await world.ana.types("/escalate The login is down", channel=SUPPORT)
    await world.ana.fills({"Ticket link": address})
    await submits_the_form(world)
    if length == 100:
        assert f"<{address.replace('&', '&amp;')}>" in str(world.card.blocks)
        assert_no_foreign_markup(world, "a ticket link")
    else:
        assert world.ana.errors == {"Ticket link": TOO_LONG}


NOT_ADDRESSES = (
    "https://a.example|https://b.example", "https://a.example/<!channel>", "javascript://x/%0a",
    "https://", "https://[::1", "https://a .example", "//a.example", "\u202ehttps://a.example",
)  # fmt: skip


async def test_only_a_web_address_becomes_a_link(quick_world: World) -> None:
    world = quick_world
    for address in NOT_ADDRESSES:
        await world.ana.types("/escalate The login is down", channel=SUPPORT)
        await world.ana.fills({"Ticket link": address})
        await submits_the_form(world)
        if world.ana.modal is not None:
            await world.ana.closes()
    for call in world.slack.calls.to("chat.postMessage"):
        for text in markup_texts(call):
            assert re.search(r"Ticket: <https://[^<>|\s]+>", text) or "Ticket" not in text


@pytest.mark.parametrize(
    ("raw", "shown"),
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
def test_a_quoted_message_reads_as_slack_showed_it(raw: str, shown: str) -> None:
    assert without_markup(raw) == shown


async def test_an_unknown_command_is_quoted_without_its_markup(
    quick_world: World,
) -> None:
    world = quick_world
    await world.ana.types("/baton \u202edrawkcab \x00 <!channel> $owner {{7}}", channel=SUPPORT)
    assert "“drawkcab &lt;!channel&gt; $owner {{7}}”" in world.ana.ephemerals[-1]


async def submits_the_form(world: World) -> None:
    await world.ana.fills({"Customer": "Acme", "Why does it need a manager?": ["Risk"]})
    await world.ana.submits()
    await world.settle()


RESOLUTION = ("What was the outcome?", "What was the root cause?", "How will we prevent it?")


def story_of(person: Person, card: Message) -> Message:
    """Return the first message of the thread: the reporter's text, in full."""
    return person.thread(card)[1]


def assert_no_foreign_markup(world: World, name: str) -> None:
    for call in world.slack.calls:
        assert call.ok, (name, call.method, call.answer)
        for text in markup_texts(call):
            rest = OWN_MARKUP.sub("", text)
            assert not UNESCAPED.search(rest), (name, call.method, rest[:300])
    people = (world.ana, world.maya, world.leo, world.ben)
    for reply in (reply for person in people for reply in person.ephemerals):
        assert not UNESCAPED.search(OWN_MARKUP.sub("", reply)), (name, reply[:300])


def markup_texts(call: Call) -> Iterator[str]:
    """Yield every text that Slack parses for markup."""
    if call.method.startswith("chat."):
        yield call.args["text"]
        assert not call.args.get("link_names")
        assert call.args.get("parse", "none") == "none"
    shown = call.args.get("blocks") or call.args.get("view")
    for text in text_objects(shown):
        if text["type"] == "mrkdwn":
            assert text.get("verbatim"), text  # otherwise Slack links bare addresses and names
            yield text["text"]


def plain_text(message: Message) -> str:
    """Return the text that Slack shows without parsing it."""
    return "".join(it["text"] for it in text_objects(message.blocks) if it["type"] == "plain_text")


def text_objects(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every text object of blocks or of a view, in reading order."""
    if isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn") and isinstance(part.get("text"), str):
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from text_objects(each)

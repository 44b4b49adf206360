"""Blocks that several views share, within the limits that Slack sets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.case import Case, Mood, Reason, Source, Status
from bot.errors import NoSuchCase
from bot.people import CaseId
from bot.priority import Priority
from bot.sla import WAITED_ON
from bot.text import in_pieces, shortened
from handlers.slack.ids import ANSWER, Button
from handlers.slack.render import Markup, local_time, mention

Block = dict[str, Any]

TEXT_LIMIT = 3000  # characters in a section, and in an answer
ANSWER_LIMIT = 3000
HEADER_LIMIT = 150
BLOCKS_IN_MESSAGE = 50
NUMBER = re.compile(r"\d{1,9}")

PRIORITY_WORDS = {
    Priority.URGENT: ":red_circle: Urgent",
    Priority.HIGH: ":large_orange_circle: High",
    Priority.NORMAL: ":large_blue_circle: Normal",
    Priority.LOW: ":white_circle: Low",
}
REASON_WORDS = {
    Reason.RISK: "Risk",
    Reason.COMPLEXITY: "Complexity",
    Reason.DISSATISFACTION: "Dissatisfaction",
}
SOURCE_WORDS = {
    Source.PHONE: "Phone",
    Source.CHAT: "Chat",
    Source.EMAIL: "E-mail",
    Source.SOCIAL: "Social media",
    Source.STORE: "Store",
    Source.OTHER: "Other",
}

MOOD_WORDS = {
    Mood.CALM: ":slightly_smiling_face: Calm",
    Mood.UPSET: ":slightly_frowning_face: Upset",
    Mood.ANGRY: ":rage: Angry",
}


@dataclass(frozen=True)
class Message:
    """``text`` carries the whole content: a screen reader reads nothing else."""

    text: str
    blocks: list[Block]


def plain(text: str) -> Block:
    """Text that Slack shows as it is: no markup, no mention, no emoji by name."""
    return {"type": "plain_text", "text": text, "emoji": False}


def markup(text: str) -> Block:
    return {"type": "mrkdwn", "text": shortened(text, TEXT_LIMIT), "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": markup(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def written(text: str) -> list[Block]:
    """What a person wrote, whole and literal."""
    return [{"type": "section", "text": plain(piece)} for piece in in_pieces(text, TEXT_LIMIT)]


def fitting(blocks: list[Block]) -> list[Block]:
    """As many as a message may have; if that is not all of them, it says so."""
    if len(blocks) <= BLOCKS_IN_MESSAGE:
        return blocks
    return [*blocks[: BLOCKS_IN_MESSAGE - 1], context("And more: ask in a team's own channel.")]


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, HEADER_LIMIT))}


def context(text: str) -> Block:
    return {"type": "context", "elements": [markup(text)]}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def buttons_in(blocks: Sequence[Block]) -> set[str]:
    """The names of all buttons there, as Slack sends them back."""
    beside = [block["accessory"] for block in blocks if "accessory" in block]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {str(it["action_id"]) for it in chain(beside, *rows)}


def button(label: str, action: Button, value: str, *, style: str = "") -> Block:
    element: Block = {
        "type": "button",
        "text": plain(label),
        "action_id": action,
        "value": value,
    }
    return {**element, "style": style} if style else element


def case_button(label: str, action: Button, case: CaseId, *, style: str = "") -> Block:
    return button(label, action, str(case), style=style)


def case_named(value: str) -> CaseId:
    """The case that a button's value, or a form's metadata, stands for; raises NoSuchCase."""
    if not NUMBER.fullmatch(value):
        raise NoSuchCase(CaseId(0))
    return CaseId(int(value))


def option(value: str, words: str, description: str = "") -> Block:
    choice: Block = {"text": plain(words), "value": value}
    return {**choice, "description": plain(description)} if description else choice


def question(field: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": {"action_id": ANSWER, **element},
        "optional": optional,
    }


def text_answer(*, long: bool = False, initial: str = "", placeholder: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "multiline": long, "max_length": ANSWER_LIMIT}
    if initial:
        element["initial_value"] = shortened(initial, ANSWER_LIMIT)
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element


def standing(case: Case) -> Markup:
    """Who has the case, and what it waits for."""
    if (end := case.end) is not None:
        by = f" by {mention(end.by)}" if end.by else ""
        return Markup(f"{end.kind.capitalize()}{by}, {local_time(end.at)}.")
    if case.owner is None:
        return Markup("Nobody has it yet.")
    if case.status is Status.OPEN:
        return Markup(f"{mention(case.owner)} is to claim it; so may anybody else.")
    if (wait := case.current_wait) is not None and wait.resume_by is not None:
        on = WAITED_ON[wait.on] if wait.on else "somebody"
        until = local_time(wait.resume_by)
        return Markup(
            f"{mention(case.owner)} has it, and waits on {on} until {until} at the latest."
        )
    return Markup(f"{mention(case.owner)} has it.")


def title(case: Case) -> str:
    return f"{case.reference} · {case.customer}"

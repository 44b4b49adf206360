"""Blocks that several views share, within Slack's limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.case import Case, Status
from bot.case.event import Event
from bot.errors import NoSuchCase
from bot.messages import N_
from bot.people import CaseId
from bot.text import shortened, split_text
from handlers.i18n import _
from handlers.slack.ids import ANSWER, Button
from handlers.slack.render import Markup, local_time, mention
from handlers.slack.views import labels

Block = dict[str, Any]

TEXT_LIMIT = 3000  # characters in a section, and in an answer
ANSWER_LIMIT = 3000
HEADER_LIMIT = 150
BLOCKS_IN_MESSAGE = 50
NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Message:
    """``text`` carries the whole content: screen readers and notifications show nothing else."""

    text: str
    blocks: list[Block]


def plain(text: str) -> Block:
    """Return text that Slack shows literally: no markup, no mentions, no emoji names."""
    return {"type": "plain_text", "text": text, "emoji": False}


def markup(text: str) -> Block:
    return {"type": "mrkdwn", "text": shortened(text, TEXT_LIMIT), "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": markup(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def written(text: str) -> list[Block]:
    """Return what a person wrote, whole and literal, in as many sections as it needs."""
    return [{"type": "section", "text": plain(piece)} for piece in split_text(text, TEXT_LIMIT)]


def fitting(blocks: list[Block]) -> list[Block]:
    """Return as many blocks as a message may have, with a note if some are left out."""
    if len(blocks) <= BLOCKS_IN_MESSAGE:
        return blocks
    return [
        *blocks[: BLOCKS_IN_MESSAGE - 1],
        context(_("More cases: type /baton in a team's channel.")),
    ]


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, HEADER_LIMIT))}


def context(text: str) -> Block:
    return {"type": "context", "elements": [markup(text)]}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def buttons_in(blocks: Sequence[Block]) -> set[str]:
    """Return the ``action_id`` of every button in the blocks."""
    accessories = [block["accessory"] for block in blocks if "accessory" in block]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {str(it["action_id"]) for it in chain(accessories, *rows)}


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
    """Return the case that a button's value or a form's metadata stands for.

    Raises:
        NoSuchCase: it is not a case number.
    """
    if not NUMBER.fullmatch(value):
        raise NoSuchCase(CaseId(0))
    return CaseId(int(value))


def option(value: str, label: str, description: str = "") -> Block:
    choice: Block = {"text": plain(label), "value": value}
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


def status_line(case: Case) -> Markup:
    """Return who owns the case and what it waits for, or how it ended."""
    if (end := case.end) is not None:
        return _ended(case, end)
    if case.owner is None:
        return Markup(_("Unclaimed"))
    owner = mention(case.owner)
    if case.status is Status.OPEN:
        return Markup(_("Assigned to {owner}, not claimed yet").format(owner=owner))
    wait = case.current_wait
    if wait is None or wait.on is None or wait.resume_by is None:
        return Markup(_("Owner: {owner}").format(owner=owner))
    line = _("Owner: {owner}, waiting for {party} until {until}")
    until = local_time(wait.resume_by)
    return Markup(line.format(owner=owner, party=labels.waiting_for(wait.on), until=until))


ENDED = {
    Status.RESOLVED: N_("Resolved by {person}, {time}"),
    Status.DECLINED: N_("Declined by {person}, {time}"),
    Status.MERGED: N_("Merged by {person}, {time}"),
}


def _ended(case: Case, end: Event) -> Markup:
    person = mention(end.by) if end.by else "Baton"
    return Markup(_(ENDED[case.status]).format(person=person, time=local_time(end.at)))


def title(case: Case) -> str:
    return f"{case.reference} · {case.customer}"

"""A case's part of the audit trail: each action with its author, and what was denied."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.audit import Decision, Entry
from bot.case import Case
from bot.case.event import EventKind
from bot.messages import N_
from handlers.i18n import _
from handlers.slack.render import escape, local_time, mention
from handlers.slack.views.blocks import Message, section, title

PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+")
TYPED = re.compile(r"\d+ characters|#[0-9a-f]{16}")
"""What the trail keeps of a text, and of a name or word that a person typed."""
EMPTY = "0 characters"
IN_A_SECTION = 10  # lines: far below what it may hold
SHOWN_BY_THE_STEP = frozenset({"status", "over_at", "customer_key"})
STEP_LABELS: dict[str, str] = {
    EventKind.REVIEWED: N_("history reviewed"),
    EventKind.CONTACTED: N_("customer contacted"),
    EventKind.REPLIED: N_("customer's reply logged"),
    EventKind.HANDING_OFF: N_("hand-off requested"),
    EventKind.HANDED_OFF: N_("hand-off accepted"),
    EventKind.HAND_OFF_LAPSED: N_("hand-off expired"),
    EventKind.OWNER_REMINDED: N_("owner reminded"),
    EventKind.OFFERED: N_("resolution offered"),
    EventKind.GOODWILL_ASKED: N_("goodwill requested"),
    EventKind.SKIPPED: N_("step skipped"),
    EventKind.ASKED: N_("department asked"),
    EventKind.ANSWERED: N_("department answered"),
    EventKind.UNANSWERED: N_("department reminded"),
    EventKind.PREVENTED: N_("prevention done"),
    EventKind.HELPED: N_("marked as helpful"),
    EventKind.NOT_HELPED: N_("marked as not helpful"),
    EventKind.MERGED: N_("merged into another case"),
    EventKind.ABSORBED: N_("another case merged into this one"),
    EventKind.CONTINUED: N_("continued in a new case"),
    EventKind.BREACHED: N_("due time missed"),
    EventKind.LEVEL_REACHED: N_("escalation level reached"),
    EventKind.OVERDUE: N_("wait ended"),
    EventKind.CLOCK_CORRECTED: N_("server clock corrected; times of earlier steps were ahead"),
}
"""Labels of the steps whose own name is not clear enough."""


def history(case: Case, entries: Sequence[Entry]) -> Message:
    lines = [f"*{escape(title(case))}*", *map(_line, entries)]
    sections = [lines[at : at + IN_A_SECTION] for at in range(0, len(lines), IN_A_SECTION)]
    return Message("\n".join(lines), [section("\n".join(some)) for some in sections])


def _line(entry: Entry) -> str:
    time, person = local_time(entry.at), _shown(entry.who)
    if entry.decision is Decision.DENIED:
        denied = _("{time}: *{step}* denied to {person}")
        return denied.format(time=time, step=_plain(entry.step), person=person)
    text = _("{time}: *{step}* by {person}") if entry.who else _("{time}: *{step}*")
    line = text.format(time=time, step=_label(entry.step), person=person)
    changes = [] if entry.step == EventKind.OPENED else list(_changes(entry))
    return f"{line} ({', '.join(changes)})" if changes else line


def _label(step: str) -> str:
    return _(STEP_LABELS[step]) if step in STEP_LABELS else _plain(step)


def _changes(entry: Entry) -> Iterator[str]:
    """Yield what the step alone does not show. The trail keeps no text that a person wrote."""
    before, after = _facts(entry.before), _facts(entry.after)
    for name in sorted((before.keys() | after.keys()) - SHOWN_BY_THE_STEP):
        old, new = before.get(name), after.get(name)
        if name == "owner" and old is None and new == entry.who:
            continue
        if TYPED.fullmatch(str(old)) or TYPED.fullmatch(str(new)):
            yield _written(old, new).format(field=_plain(name))
        else:
            yield f"{_plain(name)}: {_shown(old)} → {_shown(new)}"


def _facts(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(text) if text else {}
    return facts


def _written(old: object, new: object) -> str:
    if old in (None, EMPTY):
        return _("{field} added")
    return _("{field} removed") if new in (None, EMPTY) else _("{field} changed")


def _shown(value: object) -> str:
    match value:
        case None:
            return _("none")
        case False:
            return _("no")
        case True:
            return _("yes")
        case list():
            return ", ".join(map(_shown, value)) or _("none")
    text = str(value)
    if PERSON.fullmatch(text):
        return mention(text)
    return local_time(datetime.fromisoformat(text)) if INSTANT.match(text) else escape(text)


def _plain(name: str) -> str:
    return name.replace("_", " ")

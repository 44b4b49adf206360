"""What was done on a case, and what somebody was not allowed to do: its part of the audit trail."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.audit import Decision, Entry
from bot.case import Case
from bot.case.event import EventKind
from handlers.slack.render import escape, local_time, mention
from handlers.slack.views.blocks import Message, section, title

PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+")
LENGTH = re.compile(r"\d+ characters")
EMPTY = "0 characters"
IN_A_SECTION = 10  # lines: far below what it may hold
GOES_WITHOUT_SAYING = frozenset({"status", "over_at", "customer_key"})
STEP_LABELS: dict[str, str] = {
    EventKind.REVIEWED: "history read",
    EventKind.CONTACTED: "customer contacted",
    EventKind.REPLIED: "customer's answer noted",
    EventKind.HANDING_OFF: "hand-off offered",
    EventKind.HANDED_OFF: "hand-off accepted",
    EventKind.HAND_OFF_LAPSED: "hand-off not answered in time",
    EventKind.OWNER_REMINDED: "owner asked whether they are still on it",
    EventKind.OFFERED: "resolution offered",
    EventKind.GOODWILL_ASKED: "goodwill asked for",
    EventKind.SKIPPED: "step left out",
    EventKind.ASKED: "department asked",
    EventKind.ANSWERED: "department's answer given",
    EventKind.UNANSWERED: "department reminded",
    EventKind.PREVENTED: "prevention done",
    EventKind.HELPED: "said to have helped",
    EventKind.NOT_HELPED: "said not to have helped",
    EventKind.MERGED: "merged into another",
    EventKind.ABSORBED: "another merged into it",
    EventKind.CONTINUED: "continued in a new case",
    EventKind.BREACHED: "promise broken",
    EventKind.LEVEL_REACHED: "levels told",
    EventKind.OVERDUE: "wait over",
}
"""Where the name of what was done is not plain enough."""


def history(case: Case, entries: Sequence[Entry]) -> Message:
    lines = [f"*{escape(title(case))}*", *map(_line, entries)]
    sections = [lines[at : at + IN_A_SECTION] for at in range(0, len(lines), IN_A_SECTION)]
    return Message("\n".join(lines), [section("\n".join(some)) for some in sections])


def _line(entry: Entry) -> str:
    when = local_time(entry.at)
    if entry.decision is Decision.DENIED:
        return f"{when}: {_shown(entry.who)} was not allowed to {_plain(entry.step)}"
    by = f" by {_shown(entry.who)}" if entry.who else ""
    changes = [] if entry.step == EventKind.OPENED else list(_changes(entry))
    done = STEP_LABELS.get(entry.step, _plain(entry.step))
    return f"{when}: *{done}*{by}" + (f" ({', '.join(changes)})" if changes else "")


def _changes(entry: Entry) -> Iterator[str]:
    """What one cannot tell from the step itself. Of what people wrote, the trail has no word."""
    before, after = _facts(entry.before), _facts(entry.after)
    for name in sorted((before.keys() | after.keys()) - GOES_WITHOUT_SAYING):
        old, new = before.get(name), after.get(name)
        if name == "owner" and old is None and new == entry.who:
            continue
        if LENGTH.fullmatch(str(new or old)):
            yield f"{_plain(name)} {_written(old, new)}"
        else:
            yield f"{_plain(name)}: {_shown(old)} → {_shown(new)}"


def _facts(told: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(told) if told else {}
    return facts


def _written(old: object, new: object) -> str:
    if old in (None, EMPTY):
        return "written"
    return "removed" if new in (None, EMPTY) else "changed"


def _shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case False:
            return "no"
        case True:
            return "yes"
        case list():
            return ", ".join(map(_shown, value)) or "none"
    text = str(value)
    if PERSON.fullmatch(text):
        return mention(text)
    return local_time(datetime.fromisoformat(text)) if INSTANT.match(text) else escape(text)


def _plain(word: str) -> str:
    return word.replace("_", " ")

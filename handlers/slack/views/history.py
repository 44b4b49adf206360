"""What was done on a case, and what somebody was not allowed to do: its part of the audit trail."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.audit import Decision, Entry
from bot.case import Case
from bot.events import EventKind
from handlers.slack.render import escape, local_time, mention
from handlers.slack.views.parts import Message, section, title

PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
IN_A_SECTION = 10  # lines: far below what it may hold


def history(case: Case, entries: Sequence[Entry]) -> Message:
    lines = [f"*{escape(title(case))}*", *map(_line, entries)]
    sections = [lines[at : at + IN_A_SECTION] for at in range(0, len(lines), IN_A_SECTION)]
    return Message("\n".join(lines), [section("\n".join(some)) for some in sections])


def _line(entry: Entry) -> str:
    when, step = local_time(entry.at), entry.step.replace("_", " ")
    if entry.decision is Decision.DENIED:
        return f"{when}: {_shown(entry.who)} was not allowed to {step}"
    by = f" by {_shown(entry.who)}" if entry.who else ""
    changes = [] if entry.step == EventKind.OPENED else list(_changes(entry))
    return f"{when}: *{step}*{by}" + (f" ({', '.join(changes)})" if changes else "")


def _changes(entry: Entry) -> Iterator[str]:
    before, after = _facts(entry.before), _facts(entry.after)
    for name in sorted(before.keys() | after.keys()):
        old, new = _shown(before.get(name)), _shown(after.get(name))
        yield f"{name.replace('_', ' ')}: {old} → {new}"


def _facts(told: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(told) if told else {}
    return facts


def _shown(value: object) -> str:
    if value is None:
        return "none"
    text = str(value)
    return mention(text) if PERSON.fullmatch(text) else escape(text)

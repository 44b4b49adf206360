"""What pydantic found wrong, in a plain sentence that says what would be right."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.business_time import WEEKDAYS
from bot.priority import Priority
from bot.team.document import TeamDocument
from bot.team.mistakes import Path
from bot.team.sections import (
    CalendarSection,
    DigestSection,
    EscalationSection,
    GoodwillSection,
    HolidaysSection,
    IfNobodySection,
    MatrixSection,
    PauseSection,
    PolicySection,
    QuestionSection,
    TargetsSection,
    TeamSection,
    WhenSection,
)

RIGHT = {
    "team": "[team] with name, channel, timezone and managers",
    "name": 'name = "Support"',
    "channel": 'channel = "C0SUPPORT"',
    "fallback_channel": 'fallback_channel = "C0OPERATIONS"',
    "timezone": 'timezone = "Europe/Berlin"',
    "managers": 'managers = ["U0MAYA"]',
    "leads": 'leads = ["U0LEO"]',
    "admins": 'admins = ["U0ADA"]',
    "agents": 'agents = "everyone", or a list of ids',
    "accept_within": 'accept_within = "30m"',
    "deputies": 'deputies = ["U0ANA"]',
    "reactions": "reactions = true",
    "deputies_up_to": 'deputies_up_to = "normal"',
    "reopen_days": "reopen_days = 7, a whole number from 0 to 365",
    "calendars": '[calendars.office] with mon = ["09:00-18:00"] and so on',
    "mon": 'mon = ["09:00-12:30", "13:00-18:00"]',
    "holidays": 'holidays = { country = "DE", subdivision = "BE" }',
    "country": 'country = "DE"',
    "subdivision": 'subdivision = "BE"',
    "closed": 'closed = ["2026-12-24", "2026-12-31 13:00-18:00"]',
    "open": 'open = ["2026-12-05 10:00-14:00"]',
    "day_hours": "day_hours = 8, or another number above 0 and up to 24",
    "policies": '[[policies]] with name = "Standard"',
    "when": 'when = { tier = ["enterprise"] }',
    "calendar": 'calendar = "office"',
    "targets": 'targets.urgent = { claim = "15m", resolution = "4h" } for each priority',
    "warn_at": 'warn_at = ["50%", "80%"]',
    "on_priority_change": 'on_priority_change = "recompute"',
    "pause_on": 'pause_on = { resolution = ["customer", "third_party"] }',
    "update_mode": 'update_mode = "always"',
    "grace": 'grace = "15m"',
    "enforce_from": 'enforce_from = "2026-03-01"',
    "stale_after": 'stale_after = "8h"',
    "release_after": 'release_after = "4h"',
    "escalation": '[[escalation]] with when = "unclaimed" and notify = ["on_duty"]',
    "after": 'after = "30m", or "-30m" for before it is due',
    "notify": 'notify = ["on_duty", "channel"]',
    "repeat": "repeat = 2, a whole number from 0 to 5",
    "every": 'every = "1h"',
    "hours": 'hours = "office", or another calendar',
    "if_nobody": 'if_nobody = "next", or { urgent = "next", low = "hold" }',
    "assign": 'assign = "U0LEO"',
    "departments": '[departments.billing] with channel = "C0BILLING"',
    "answer_within": 'answer_within = "4h"',
    "goodwill": "[goodwill] with limit = 100",
    "limit": "limit = 100, a whole number from 0",
    "currency": 'currency = "EUR"',
    "questions": '[[questions]] with category = "Outage" and ask = "Is it on the status page?"',
    "category": 'category = "Outage"',
    "ask": 'ask = "Is it on the status page?"',
    "or": 'or = "Send them its address"',
    "digest": '[digest] with at = "09:00"',
    "at": 'at = "09:00"',
    "days": 'days = ["mon", "tue", "wed", "thu", "fri"]',
}

WRONG = {
    "too_short": "this is empty",
    "string_type": "this is no text in quotes",
    "string_unicode": "this is no plain text",
    "tuple_type": "this is no list in brackets",
    "model_type": "this is no table of its own",
    "dict_type": "this is no table of its own",
    "bool_type": "this is neither true nor false",
    "int_type": "this is no whole number",
    "float_type": "this is no number",
    "greater_than": "this number is out of bounds",
    "greater_than_equal": "this number is out of bounds",
    "less_than_equal": "this number is out of bounds",
}

# by path, less the name or the position of the one among many
SECTIONS: Mapping[Path, type[BaseModel]] = {
    ("team",): TeamSection,
    ("calendars",): CalendarSection,
    ("calendars", "holidays"): HolidaysSection,
    ("policies",): PolicySection,
    ("policies", "when"): WhenSection,
    ("policies", "targets"): MatrixSection,
    **{("policies", "targets", priority.value): TargetsSection for priority in Priority},
    ("policies", "pause_on"): PauseSection,
    ("escalation",): EscalationSection,
    ("questions",): QuestionSection,
    ("escalation", "if_nobody"): IfNobodySection,
    ("digest",): DigestSection,
    ("goodwill",): GoodwillSection,
}


def words_of(error: ErrorDetails, path: Path) -> str:
    """The sentence for one of pydantic's errors, found at ``path`` in the document."""
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return f"this has no {path[-1]}; write {_right(path)}"
        case "extra_forbidden":
            return _unknown(str(path[-1]), known_at(path[:-1]), path)
        case "literal_error" | "enum":
            return _not_among(error["input"], re.findall(r"'([^']*)'", context["expected"]), path)
        case "too_long" | "string_too_long":
            return f"this is too long; {context['max_length']} at most"
        case kind:
            return f"{WRONG.get(kind, 'this cannot be')}; write {_right(path)}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    spelt = {k.casefold(): k for k in known}
    wanted = word[:80].strip().casefold()
    near = difflib.get_close_matches(wanted, spelt, n=1)
    if not near:  # "monday" for "mon"
        near = [k for k in spelt if len(k) > 2 and wanted.startswith(k)]
    return spelt[near[0]] if near else None


def known_at(path: Path) -> Collection[str]:
    """The keys that may stand in the table at ``path``."""
    known = SECTIONS.get(path[:1] + path[2:], TeamDocument).model_fields
    return [field.alias or name for name, field in known.items()]


def _unknown(word: str, known: Collection[str], path: Path) -> str:
    if "pause_on" in path and word == "claim":
        return "a claim never pauses; leave it out"
    if "pause_on" in path and word == "total_resolution":
        return "total resolution pauses when resolution does; leave it out"
    meant = nearest(word, known)
    cure = f'did you mean "{meant}"?' if meant else f"what can stand here is {', '.join(known)}"
    return f'nothing here is called "{word[:40]}"; {cure}'


def _not_among(value: object, known: list[str], path: Path) -> str:
    shown = f'"{value[:40]}"' if isinstance(value, str) else "this"
    if len(known) == 1:
        return f"{shown} cannot stand here; write {_right(path)}"
    meant = nearest(value, known) if isinstance(value, str) else None
    cure = f'did you mean "{meant}"?' if meant else "write one of them"
    return f"{shown} is none of {', '.join(known)}; {cure}"


def _right(path: Path) -> str:
    """How the key at the end of the path is written; a list's element as its list."""
    keys = [step for step in path if isinstance(step, str)]
    if len(keys) == 2 and keys[0] == "calendars":
        return RIGHT["calendars"]
    key = keys[-1] if keys else "team"
    if key in WEEKDAYS:
        return RIGHT["mon"].replace("mon", key)
    if "when" in keys[:-1]:
        return RIGHT["when"].replace("tier", key)
    if "targets" in keys[:-1]:
        return RIGHT["targets"] if key in list(Priority) else f'{key} = "4h"'
    if "pause_on" in keys[:-1]:
        return RIGHT["pause_on"].replace("resolution", key)
    return RIGHT.get(key, "it as the guide shows it")

"""Turn validation errors of pydantic into messages that suggest a fix."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.business_time import WEEKDAYS
from bot.messages import N_, InvalidInput, Sentence
from bot.priority import Priority
from bot.team.document import TeamDocument
from bot.team.mistakes import Path
from bot.team.sections import (
    CalendarSection,
    DepartmentSection,
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

RULES = {
    "team": N_("this section is required; write [team] with name, channel, timezone and managers"),
    "agents": N_('this must be "everyone" or a list; write agents = "everyone", or a list of ids'),
    "reopen_days": N_("this must be a whole number from 0 to 365; write reopen_days = 7"),
    "calendars": N_(
        'this must be a section; write [calendars.office] with hours such as mon = ["09:00-18:00"]'
    ),
    "day_hours": N_("this must be a number above 0 and up to 24; write day_hours = 8"),
    "policies": N_('this must be a list of sections; write [[policies]] with name = "Standard"'),
    "escalation": N_(
        "this must be a list of sections; "
        'write [[escalation]] with when = "unclaimed" and notify = ["on_duty"]'
    ),
    "after": N_('this must be text in quotes; write after = "30m", or "-30m" for before it is due'),
    "repeat": N_("this must be a whole number from 0 to 5; write repeat = 2"),
    "if_nobody": N_(
        "this must be a choice, or one for each priority; "
        'write if_nobody = "next", or {{ urgent = "next", low = "hold" }}'
    ),
    "departments": N_(
        'this must be a section; write [departments.billing] with channel = "C0BILLING"'
    ),
    "goodwill": N_("this must be a section; write [goodwill] with limit = 100"),
    "limit": N_("this must be a whole number, 0 or more; write limit = 100"),
    "questions": N_(
        "this must be a list of sections; "
        'write [[questions]] with category = "Outage" and ask = "Is it on the status page?"'
    ),
    "digest": N_('this must be a section; write [digest] with at = "09:00"'),
}
"""The whole message for a key that an example alone does not explain."""

EXAMPLES = {
    "name": 'name = "Support"',
    "channel": 'channel = "C0SUPPORT"',
    "fallback_channel": 'fallback_channel = "C0OPERATIONS"',
    "timezone": 'timezone = "Europe/Berlin"',
    "managers": 'managers = ["U0MAYA"]',
    "leads": 'leads = ["U0LEO"]',
    "admins": 'admins = ["U0ADA"]',
    "accept_within": 'accept_within = "30m"',
    "customers_visible_to": 'customers_visible_to = ["U0SALES"]',
    "deputies": 'deputies = ["U0ANA"]',
    "reactions": "reactions = true",
    "deputies_up_to": 'deputies_up_to = "normal"',
    "mon": 'mon = ["09:00-12:30", "13:00-18:00"]',
    "holidays": 'holidays = { country = "DE", subdivision = "BE" }',
    "country": 'country = "DE"',
    "subdivision": 'subdivision = "BE"',
    "closed": 'closed = ["2026-12-24", "2026-12-31 13:00-18:00"]',
    "open": 'open = ["2026-12-05 10:00-14:00"]',
    "when": 'when = { tier = ["enterprise"] }',
    "calendar": 'calendar = "office"',
    "targets": 'targets.urgent = { claim = "15m", resolution = "4h" }',
    "warn_at": 'warn_at = ["50%", "80%"]',
    "on_priority_change": 'on_priority_change = "recompute"',
    "pause_on": 'pause_on = { resolution = ["customer", "third_party"] }',
    "update_mode": 'update_mode = "always"',
    "grace": 'grace = "15m"',
    "enforce_from": 'enforce_from = "2026-03-01"',
    "stale_after": 'stale_after = "8h"',
    "release_after": 'release_after = "4h"',
    "notify": 'notify = ["on_duty", "channel"]',
    "every": 'every = "1h"',
    "hours": 'hours = "office"',
    "assign": 'assign = "U0LEO"',
    "answer_within": 'answer_within = "4h"',
    "currency": 'currency = "EUR"',
    "category": 'category = "Outage"',
    "ask": 'ask = "Is it on the status page?"',
    "or": 'or = "Send them its address"',
    "at": 'at = "09:00"',
    "days": 'days = ["mon", "tue", "wed", "thu", "fri"]',
}

PROBLEMS = {
    "too_short": N_("this is empty; write {example}"),
    "string_type": N_("this must be text in quotes; write {example}"),
    "string_unicode": N_("this is not valid text; write {example}"),
    "tuple_type": N_("this must be a list in brackets; write {example}"),
    "model_type": N_("this must be a table; write {example}"),
    "dict_type": N_("this must be a table; write {example}"),
    "bool_type": N_("this must be true or false; write {example}"),
    "int_type": N_("this must be a whole number; write {example}"),
    "float_type": N_("this must be a number; write {example}"),
}
"""Messages by the type of pydantic's error."""

UNUSABLE = N_("this value cannot be used; write {example}")
MISSING = N_('"{key}" is missing; write {example}')

# By path, without the name or the position of a section that may occur several times.
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
    ("departments",): DepartmentSection,
    ("digest",): DigestSection,
    ("goodwill",): GoodwillSection,
}


def words_of(error: ErrorDetails, path: Path) -> Sentence:
    """Return the message for one of pydantic's errors, found at ``path`` in the document."""
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            invalid: InvalidInput = context["error"]
            return invalid.sentence
        case "missing":
            return _expected(MISSING, path)
        case "extra_forbidden":
            return _unknown(str(path[-1]), known_at(path[:-1]), path)
        case "literal_error" | "enum":
            return _not_among(error["input"], re.findall(r"'([^']*)'", context["expected"]), path)
        case "too_long":
            return too_many(context["max_length"])
        case "string_too_long":
            return text_too_long(context["max_length"])
        case kind:
            return _expected(PROBLEMS.get(kind, UNUSABLE), path)


def too_many(limit: int) -> Sentence:
    """Return the message for a list that exceeds its limit."""
    return Sentence.of(N_("this has too many entries; the limit is {limit}"), limit=limit)


def text_too_long(limit: int) -> Sentence:
    """Return the message for a text that exceeds its limit."""
    return Sentence.of(N_("this is too long; the limit is {limit} characters"), limit=limit)


def not_among(value: object, known: Collection[str]) -> Sentence:
    """Return the message for a value that is not one of the known ones, with the nearest."""
    if not isinstance(value, str):
        return Sentence.of(
            N_("this is not one of the accepted values; write one of {known}"),
            known=", ".join(known),
        )
    if meant := nearest(value, known):
        return Sentence.of(
            N_('"{value}" is not one of {known}; did you mean "{meant}"?'),
            value=value[:40],
            known=", ".join(known),
            meant=meant,
        )
    return Sentence.of(
        N_('"{value}" is not accepted here; write one of {known}'),
        value=value[:40],
        known=", ".join(known),
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None."""
    by_spelling = {k.casefold(): k for k in known}
    wanted = word[:80].strip().casefold()
    near = difflib.get_close_matches(wanted, by_spelling, n=1)
    if not near:  # "monday" for "mon"
        near = [k for k in by_spelling if len(k) > 2 and wanted.startswith(k)]
    return by_spelling[near[0]] if near else None


def known_at(path: Path) -> Collection[str]:
    """Return the keys that are allowed in the table at ``path``."""
    known = SECTIONS.get(path[:1] + path[2:], TeamDocument).model_fields
    return [field.alias or name for name, field in known.items()]


def unknown_key(key: str, known: Iterable[str]) -> Sentence | None:
    """Return the message for an unknown key that resembles a known one, or None."""
    if (meant := nearest(key, known)) is None:
        return None
    return Sentence.of(
        N_('"{key}" is not a known key; did you mean "{meant}"?'), key=key[:40], meant=meant
    )


def _unknown(key: str, known: Collection[str], path: Path) -> Sentence:
    if "pause_on" in path and key == "claim":
        return Sentence.of(N_("the claim clock never pauses; leave this out"))
    if "pause_on" in path and key == "total_resolution":
        return Sentence.of(N_("total resolution pauses with resolution; leave this out"))
    return unknown_key(key, known) or Sentence.of(
        N_('"{key}" is not a known key; write one of {known}'),
        key=key[:40],
        known=", ".join(known),
    )


def _not_among(value: object, known: list[str], path: Path) -> Sentence:
    return _expected(UNUSABLE, path) if len(known) == 1 else not_among(value, known)


def _expected(message: str, path: Path) -> Sentence:
    """Return the rule for the key at the end of the path, or the message with an example."""
    if path[:1] == ("calendars",) and len(_keys(path)) == 2:
        return Sentence.of(RULES["calendars"])
    key = _keys(path)[-1] if _keys(path) else "team"
    if (rule := RULES.get(key)) is not None and not _is_condition(path):
        return Sentence.of(rule)
    if (example := _example(path)) is None:
        return Sentence.of(N_("this value cannot be used; see the guide for the format"))
    return Sentence.of(message, key=key, example=example)


def _example(path: Path) -> str | None:
    """Return how the key at the end of the path is written; an element as its list."""
    *outer, key = _keys(path) or ["team"]
    if key in WEEKDAYS:
        return EXAMPLES["mon"].replace("mon", key)
    if key == "when" and outer == ["escalation"]:
        return 'when = "unclaimed"'
    if "when" in outer:
        return EXAMPLES["when"].replace("tier", key)
    if "targets" in outer:
        return EXAMPLES["targets"] if key in list(Priority) else f'{key} = "4h"'
    if "pause_on" in outer:
        return EXAMPLES["pause_on"].replace("resolution", key)
    return EXAMPLES.get(key)


def _is_condition(path: Path) -> bool:
    return "when" in _keys(path)[:-1]


def _keys(path: Path) -> list[str]:
    return [step for step in path if isinstance(step, str)]

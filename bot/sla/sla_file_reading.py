"""Reading an SLA file: from JSON to an SlaFile, or every mistake in it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.sla.clock_event import ClockEventKind
from bot.sla.sla_file import CasePart, CustomerPart, Instant, SlaFile
from bot.team import BadDocument, Mistake
from bot.team.mistakes import Path, within, written
from bot.team.wording import nearest

Found: TypeAlias = tuple[str, str]  # the path and the words

LONGEST = 2_000_000  # bytes
MOST_MISTAKES = 100  # more than that, nobody reads

RIGHT = {
    "team": '{"team": {"name": "Support", "timezone": "Europe/Berlin"}}',
    "case": '{"priority": "urgent", "opened_at": "2026-03-06T16:50:00Z"}',
    "priority": '"urgent"',
    "customer": '{"name": "Acme", "tier": "enterprise"}',
    "name": '"Acme"',
    "tier": '"enterprise"',
    "category": '"billing"',
    "source": '"phone"',
    "events": '[{"at": "2026-03-06T17:02:00Z", "kind": "claimed"}], or []',
    "kind": '"claimed"',
    "on": '"customer"',
    "to": '"urgent"',
}
PARTS: dict[Path, type[BaseModel]] = {
    (): SlaFile,
    ("case",): CasePart,
    ("case", "customer"): CustomerPart,
}
AN_INSTANT = '"2026-03-06T16:50:00Z"'
WHOLE = '{"team": …, "case": …, "events": […], "now": …}'

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def read_sla_file(source: bytes) -> SlaFile:
    """Raises BadDocument: every mistake in it, each with its path and its cure."""
    value = _parsed(source)
    try:
        file = SlaFile.model_validate(value)
        found = list(_out_of_order(value))
        if not found:
            return file
    except ValidationError as error:
        found = [it for each in error.errors(include_url=False) for it in _found(each, value)]
        found += _out_of_order(value)
    mistakes = [Mistake(None, path, words) for path, words in dict.fromkeys(found)]
    if len(mistakes) > MOST_MISTAKES:
        more = f"and {len(mistakes) - MOST_MISTAKES} more mistakes; mend these first"
        mistakes[MOST_MISTAKES:] = [Mistake(None, "", more)]
    raise BadDocument(mistakes)


def _parsed(source: bytes) -> Any:
    if len(source) > LONGEST:
        raise _alone(f"this is too long; a file has {LONGEST} bytes at most")
    try:
        value = json.loads(source.decode("utf-8-sig"), parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()  # "\ud800" is JSON, and no text
    except UnicodeDecodeError:
        raise _alone("this is not UTF-8 text; save it as that") from None
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise _alone(f"{half} is half a character; write the whole of it") from None
    except RecursionError:
        raise _alone("this is nested too deeply; write it as the guide shows it") from None
    except json.JSONDecodeError as error:
        words = f"this is not JSON: {error.msg}; check the quotes, commas and brackets here"
        raise _alone(words, line=error.lineno) from None
    except ValueError:
        raise _alone("a number is too long; write a shorter one") from None
    return value


def _no_number(constant: str) -> NoReturn:
    raise _alone(f"this is not JSON: {constant} is no number there; leave it out")


def _alone(words: str, *, line: int | None = None) -> BadDocument:
    return BadDocument([Mistake(line, "", words)])


def _found(error: ErrorDetails, value: Any) -> Iterator[Found]:
    """One mistake for each of pydantic's errors; all of the team's for its one."""
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "team":
        for mistake in context["mistakes"]:
            yield ".".join(filter(None, ("team", mistake.path))), mistake.words
        return
    path = within(value, error["loc"])
    match error["type"]:
        case "missing":
            path = (*path, error["loc"][-1])
        case "union_tag_invalid" | "union_tag_not_found":
            path = (*path, "kind")
    yield written(path), _words(error, path, context)


def _words(error: ErrorDetails, path: Path, context: dict[str, Any]) -> str:
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "missing" | "union_tag_not_found":
            return f"this has no {path[-1]}; write {_right(path)}"
        case "extra_forbidden":
            return _unknown(str(path[-1]), PARTS.get(path[:-1]))
        case "union_tag_invalid":
            return _not_among(str(context["tag"]), list(ClockEventKind))
        case "enum" | "literal_error":
            return _not_among(error["input"], re.findall(r"'([^']*)'", context["expected"]))
        case "too_long" | "string_too_long":
            return f"this is too long; {context['max_length']} at most"
        case _:
            return f"this cannot be; write {_right(path)}"


def _unknown(word: str, part: type[BaseModel] | None) -> str:
    meant = nearest(word, part.model_fields) if part else None
    cure = f'did you mean "{meant}"?' if meant else "leave it out"
    return f'nothing here is called "{word[:40]}"; {cure}'


def _not_among(value: object, known: list[str]) -> str:
    shown = f'"{value[:40]}"' if isinstance(value, str) else "this"
    meant = nearest(value, known) if isinstance(value, str) else None
    cure = f'did you mean "{meant}"?' if meant else "write one of them"
    return f"{shown} is none of {', '.join(known)}; {cure}"


def _right(path: Path) -> str:
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return WHOLE
    if path[-1] != "events" and keys[-1] == "events":
        return RIGHT["events"].partition("[")[2].partition("]")[0]
    return RIGHT.get(keys[-1], AN_INSTANT)


def _out_of_order(value: Any) -> Iterator[Found]:
    """What comes before what it must follow, as far as the instants can be read."""
    opened = _at(value, "case", "opened_at")
    now = _at(value, "now")
    if opened is not None and now is not None and now < opened:
        yield "now", f"this is before the case was opened, {_z(opened)}; write a later instant"
    latest, where = opened, "the case was opened"
    events = value.get("events") if isinstance(value, dict) else None
    for position in range(len(events) if isinstance(events, list) else 0):
        at = _at(value, "events", position, "at")
        if at is None:
            continue
        if latest is not None and at < latest:
            words = f"this is before {where}, {_z(latest)}; put the events in order of time"
            yield f"events[{position}].at", words
        else:
            latest, where = at, f"events[{position}]"


def _at(value: Any, *path: str | int) -> datetime | None:
    try:
        for step in path:
            value = value[step]
        return _INSTANT.validate_python(value)
    except (LookupError, TypeError, ValidationError):
        return None


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"

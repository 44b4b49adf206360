"""Read an SLA file from JSON, or report every mistake in it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.messages import N_, InvalidInput, Sentence
from bot.sla.clock_event import ClockEventKind
from bot.sla.sla_file import CasePart, CustomerPart, Instant, SlaFile
from bot.team import BadDocument, Mistake
from bot.team.mistakes import Path, listed, path_text, steps_in
from bot.team.wording import MISSING, UNUSABLE, not_among, text_too_long, too_many, unknown_key

LONGEST = 2_000_000  # bytes

EXAMPLES = {
    "team": '{"team": {"name": "Support", "timezone": "Europe/Berlin"}}',
    "case": '{"priority": "urgent", "opened_at": "2026-03-06T16:50:00Z"}',
    "priority": '"urgent"',
    "customer": '{"name": "Acme", "tier": "enterprise"}',
    "name": '"Acme"',
    "tier": '"enterprise"',
    "category": '"billing"',
    "source": '"phone"',
    "events": '[{"at": "2026-03-06T17:02:00Z", "kind": "claimed"}]',
    "kind": '"claimed"',
    "on": '"customer"',
    "to": '"urgent"',
}
PARTS: dict[Path, type[BaseModel]] = {
    (): SlaFile,
    ("case",): CasePart,
    ("case", "customer"): CustomerPart,
}
INSTANT_EXAMPLE = '"2026-03-06T16:50:00Z"'
FILE_EXAMPLE = '{"team": …, "case": …, "events": […], "now": …}'

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def read_sla_file(source: bytes) -> SlaFile:
    """Read an SLA file.

    Raises:
        BadDocument: lists every mistake with its path.
    """
    value = _parsed(source)
    try:
        file = SlaFile.model_validate(value)
        mistakes = list(_out_of_order(value))
        if not mistakes:
            return file
    except ValidationError as error:
        mistakes = [it for each in error.errors(include_url=False) for it in _found(each, value)]
        mistakes += _out_of_order(value)
    raise BadDocument(listed(mistakes))


def _parsed(source: bytes) -> Any:
    if len(source) > LONGEST:
        raise BadDocument.of(N_("this is too long; the limit is {limit} bytes"), limit=LONGEST)
    try:
        value = json.loads(source.decode("utf-8-sig"), parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()  # "\ud800" is valid JSON but not text
    except UnicodeDecodeError:
        raise BadDocument.of(N_("this is not UTF-8 text; save it as UTF-8")) from None
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise BadDocument.of(
            N_("{half} is half a character; write the whole character"), half=half
        ) from None
    except RecursionError:
        raise BadDocument.of(
            N_("this is nested too deeply; see the guide for the format")
        ) from None
    except json.JSONDecodeError as error:
        raise BadDocument.of(
            N_("this is not JSON: {reason}; check the quotes, commas and brackets here"),
            line=error.lineno,
            reason=error.msg,
        ) from None
    except ValueError:
        raise BadDocument.of(N_("a number is too long; write a shorter one")) from None
    return value


def _refuse_constant(constant: str) -> NoReturn:
    # Python reads NaN and Infinity, which JSON does not have.
    raise BadDocument.of(
        N_("this is not JSON: {constant} is not a JSON number; leave it out"), constant=constant
    )


def _found(error: ErrorDetails, value: Any) -> Iterator[Mistake]:
    """Yield one mistake for an error of pydantic, or all mistakes of the team file."""
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "team":
        for mistake in context["mistakes"]:
            path = ".".join(filter(None, ("team", mistake.path)))
            yield Mistake(None, path, mistake.sentence)
        return
    steps = steps_in(value, error["loc"])
    match error["type"]:
        case "missing":
            steps = (*steps, error["loc"][-1])
        case "union_tag_invalid" | "union_tag_not_found":
            steps = (*steps, "kind")
    yield Mistake(None, path_text(steps), _words(error, steps, context))


def _words(error: ErrorDetails, path: Path, context: dict[str, Any]) -> Sentence:
    match error["type"]:
        case "value_error":
            invalid: InvalidInput = context["error"]
            return invalid.sentence
        case "missing" | "union_tag_not_found":
            return Sentence.of(MISSING, key=str(path[-1]), example=_example(path))
        case "extra_forbidden":
            return _unknown(str(path[-1]), PARTS.get(path[:-1]))
        case "union_tag_invalid":
            return not_among(str(context["tag"]), list(ClockEventKind))
        case "enum" | "literal_error":
            return not_among(error["input"], re.findall(r"'([^']*)'", context["expected"]))
        case "too_long":
            return too_many(context["max_length"])
        case "string_too_long":
            return text_too_long(context["max_length"])
        case _:
            return Sentence.of(UNUSABLE, example=_example(path))


def _unknown(key: str, part: type[BaseModel] | None) -> Sentence:
    similar = unknown_key(key, part.model_fields) if part else None
    return similar or Sentence.of(N_('"{key}" is not a known key; leave it out'), key=key[:40])


def _example(path: Path) -> str:
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return FILE_EXAMPLE
    if path[-1] != "events" and keys[-1] == "events":  # one event
        return EXAMPLES["events"].removeprefix("[").removesuffix("]")
    return EXAMPLES.get(keys[-1], INSTANT_EXAMPLE)


def _out_of_order(value: Any) -> Iterator[Mistake]:
    """Yield what is out of order, as far as the instants can be read."""
    opened = _at(value, "case", "opened_at")
    now = _at(value, "now")
    if opened is not None and now is not None and now < opened:
        words = Sentence.of(
            N_("this is before the case was opened, {time}; write a later time"), time=_z(opened)
        )
        yield Mistake(None, "now", words)
    latest, latest_position = opened, None
    events = value.get("events") if isinstance(value, dict) else None
    for position in range(len(events) if isinstance(events, list) else 0):
        at = _at(value, "events", position, "at")
        if at is None:
            continue
        if latest is not None and at < latest:
            yield Mistake(None, f"events[{position}].at", _too_early(latest, latest_position))
        else:
            latest, latest_position = at, position


def _too_early(latest: datetime, position: int | None) -> Sentence:
    if position is None:
        return Sentence.of(
            N_("this is before the case was opened, {time}; put the events in order of time"),
            time=_z(latest),
        )
    return Sentence.of(
        N_("this is before events[{position}], {time}; put the events in order of time"),
        position=position,
        time=_z(latest),
    )


def _at(value: Any, *path: str | int) -> datetime | None:
    try:
        for step in path:
            value = value[step]
        return _INSTANT.validate_python(value)
    except (LookupError, TypeError, ValidationError):
        return None


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"

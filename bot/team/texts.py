"""The single texts of a team's document: ids, hours, lengths of time, each checked by itself.

Every refusal says what would be right.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.business_time import DatedHours, Hours, Length, time_zone

_MEMBER = re.compile(r"[UWS][A-Z0-9]{1,30}", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}|#[^\s#@<>&,]{1,80}", re.ASCII)
_WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PERCENT = re.compile(r"([1-9]\d?)%", re.ASCII)
HEARERS = ("owner", "backup", "on_duty", "channel", "managers", "leads")
LONGEST = timedelta(days=366)  # of open time: far beyond any promise, near enough to compute


def _shown(text: str) -> str:
    if not text.strip():
        raise ValueError("this is empty; write a word or two, or leave it out")
    if not text.isprintable():
        raise ValueError("this holds a character that cannot be shown; write plain text")
    return text


def _member(text: str) -> str:
    if _MEMBER.fullmatch(text) is None:
        raise ValueError(
            f'"{text[:40]}" is no id; copy it from the profile in Slack: U0… or W0… for a person, '
            "S0… for a user group"
        )
    return text


def _member_alone(text: str) -> str:
    if _member(text).startswith("S"):
        raise ValueError(f'"{text}" is a user group; one person has a case: write "U0LEO"')
    return text


def _channel(text: str) -> str:
    if _CHANNEL.fullmatch(text) is None:
        raise ValueError(f'"{text[:40]}" is no channel; write its id, C0…, or "#support"')
    return text


def _channel_id(text: str) -> str:
    if text.startswith("#"):
        raise ValueError(f'"{text[:40]}" may be renamed; write the channel\'s id, C0…')
    return _channel(text)


def _zone(text: str) -> str:
    time_zone(text)
    return text


def _hours(text: str) -> str:
    Hours.read(text)
    return text


def _dated(text: str) -> str:
    DatedHours.read(text)
    return text


def _dated_hours(text: str) -> str:
    DatedHours.read(text, hours_needed=True)
    return text


def _wall_time(text: str) -> str:
    if _WALL_TIME.fullmatch(text) is None:
        raise ValueError(f'"{text[:40]}" is no time of day; write "09:00"')
    return text


def _length(text: str) -> str:
    if Length.read(text).open_time(24) > LONGEST:
        raise ValueError(f'"{text[:40]}" is longer than a year; write a shorter time')
    return text


def _offset(text: str) -> str:
    _length(text.removeprefix("-"))
    return text


def _promise(text: str) -> str:
    if not Length.read(_length(text)).open_time(24):
        raise ValueError("nobody can keep a target of no time; write 15m, or leave it out")
    return text


def _threshold(text: str) -> str:
    if _PERCENT.fullmatch(text):
        return text
    try:
        return _promise(text)
    except ValueError:
        raise ValueError(
            f'"{text[:40]}" is no warning; write "80%" of the target, 1 to 99, or "30m" before due'
        ) from None


def _hearer(text: str) -> str:
    if text.startswith("#"):
        raise ValueError(
            f'"{text[:40]}" is a name, and names change; write the id of that channel, C0…, '
            'or "channel" for the thread of the case'
        )
    if text in HEARERS or _MEMBER.fullmatch(text) or _CHANNEL.fullmatch(text):
        return text
    words = ", ".join(HEARERS)
    raise ValueError(f'"{text[:40]}" is nobody to tell; write one of {words}, or an id')


def _start(text: str) -> str:
    try:
        begins = datetime.fromisoformat(text)
    except ValueError:
        begins = None
    if begins is None or (begins.tzinfo is None and len(text) != len("2026-01-01")):
        raise ValueError(
            f'"{text[:40]}" is no start; write a date, "2026-03-01", '
            'or an instant with its offset, "2026-03-01T09:00:00+01:00"'
        )
    return text


def _as_text(value: object) -> object:
    """TOML has dates and times of its own; people write them without quotes."""
    if isinstance(value, time):
        return value.strftime("%H:%M") if not value.second else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


Text = Annotated[str, Field(max_length=80), AfterValidator(_shown)]
Member = Annotated[str, AfterValidator(_member)]
MemberAlone = Annotated[str, AfterValidator(_member_alone)]
Channel = Annotated[str, AfterValidator(_channel)]
ChannelIdText = Annotated[str, AfterValidator(_channel_id)]
Zone = Annotated[str, AfterValidator(_zone)]
HoursText = Annotated[str, AfterValidator(_hours)]
ClosedText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_dated)]
OpenText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_dated_hours)]
WallTime = Annotated[str, BeforeValidator(_as_text), AfterValidator(_wall_time)]
LengthText = Annotated[str, AfterValidator(_length)]
OffsetText = Annotated[str, AfterValidator(_offset)]
Promise = Annotated[str, AfterValidator(_promise)]
ThresholdText = Annotated[str, AfterValidator(_threshold)]
Hearer = Annotated[str, AfterValidator(_hearer)]
StartText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_start)]

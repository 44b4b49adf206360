"""Text fields of a team file, such as ids, hours and lengths, each with its validator."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.business_time import DatedHours, Hours, Length, time_zone
from bot.messages import N_, InvalidInput
from bot.people import is_group

_MEMBER = re.compile(r"[UWS][A-Z0-9]{1,30}", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}|#[^\s#@<>&,]{1,80}", re.ASCII)
_WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PERCENT = re.compile(r"([1-9]\d?)%", re.ASCII)
ROLES = ("owner", "backup", "on_duty", "channel", "managers", "leads")
LONGEST = timedelta(days=366)  # of open time: longer than any promise, short enough to compute


def _printable(text: str) -> str:
    if not text.strip():
        raise InvalidInput(N_("this is empty; write some text, or leave it out"))
    if not text.isprintable():
        raise InvalidInput(N_("this has a character that cannot be displayed; write plain text"))
    return text


def _member(text: str) -> str:
    if _MEMBER.fullmatch(text) is None:
        raise InvalidInput(
            N_(
                '"{text}" is not a Slack id; copy it from the profile: U0… or W0… for a person, '
                "S0… for a user group"
            ),
            text=text[:40],
        )
    return text


def _person(text: str) -> str:
    if is_group(_member(text)):
        raise InvalidInput(
            N_('"{text}" is a user group, but a case has a single owner; write "U0LEO"'), text=text
        )
    return text


def _channel(text: str) -> str:
    if _CHANNEL.fullmatch(text) is None:
        raise InvalidInput(
            N_('"{text}" is not a channel; write its id, C0…, or its name, "#support"'),
            text=text[:40],
        )
    return text


def _channel_id(text: str) -> str:
    if text.startswith("#"):
        raise InvalidInput(
            N_('"{text}" is a name, and names change; write the id of the channel, C0…'),
            text=text[:40],
        )
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
        raise InvalidInput(N_('"{text}" is not a time of day; write "09:00"'), text=text[:40])
    return text


def _length(text: str) -> str:
    if Length.read(text).open_time(24) > LONGEST:
        raise InvalidInput(
            N_('"{text}" is longer than a year; write a shorter time'), text=text[:40]
        )
    return text


def _offset(text: str) -> str:
    _length(text.removeprefix("-"))
    return text


def _positive_length(text: str) -> str:
    if not Length.read(_length(text)).open_time(24):
        raise InvalidInput(N_("this time cannot be zero; write 15m, or leave it out"))
    return text


def _threshold(text: str) -> str:
    if _PERCENT.fullmatch(text):
        return text
    try:
        return _positive_length(text)
    except ValueError:
        raise InvalidInput(
            N_(
                '"{text}" is not a warning; write "80%" of the target (1 to 99), '
                'or "30m" before it is due'
            ),
            text=text[:40],
        ) from None


def _recipient(text: str) -> str:
    if text.startswith("#"):
        raise InvalidInput(
            N_(
                '"{text}" is a name, and names change; write the id of that channel, C0…, '
                'or "channel" for the thread of the case'
            ),
            text=text[:40],
        )
    if text in ROLES or _MEMBER.fullmatch(text) or _CHANNEL.fullmatch(text):
        return text
    raise InvalidInput(
        N_('"{text}" is not a recipient; write one of {roles}, or a Slack id'),
        text=text[:40],
        roles=", ".join(ROLES),
    )


def _start(text: str) -> str:
    try:
        begins = datetime.fromisoformat(text)
    except ValueError:
        begins = None
    if begins is None or (begins.tzinfo is None and len(text) != len("2026-01-01")):
        raise InvalidInput(
            N_(
                '"{text}" is not a valid start; write a date, "2026-03-01", '
                'or a time with its offset, "2026-03-01T09:00:00+01:00"'
            ),
            text=text[:40],
        )
    return text


def _as_text(value: object) -> object:
    """Accept TOML dates and times, which are written without quotes."""
    if isinstance(value, time):
        return value.strftime("%H:%M") if not value.second else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


Text = Annotated[str, Field(max_length=80), AfterValidator(_printable)]
Member = Annotated[str, AfterValidator(_member)]
Person = Annotated[str, AfterValidator(_person)]
Channel = Annotated[str, AfterValidator(_channel)]
ChannelIdText = Annotated[str, AfterValidator(_channel_id)]
Zone = Annotated[str, AfterValidator(_zone)]
HoursText = Annotated[str, AfterValidator(_hours)]
ClosedText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_dated)]
OpenText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_dated_hours)]
WallTime = Annotated[str, BeforeValidator(_as_text), AfterValidator(_wall_time)]
LengthText = Annotated[str, AfterValidator(_length)]
OffsetText = Annotated[str, AfterValidator(_offset)]
PositiveLength = Annotated[str, AfterValidator(_positive_length)]
ThresholdText = Annotated[str, AfterValidator(_threshold)]
Recipient = Annotated[str, AfterValidator(_recipient)]
StartText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_start)]

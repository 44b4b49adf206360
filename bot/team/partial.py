"""The valid parts of a document with mistakes, so that all mistakes are reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from bot.team.document import TeamDocument
from bot.team.mistakes import Path, within
from bot.team.sections import CalendarSection, EscalationSection, PolicySection, TeamSection

SectionT = TypeVar("SectionT", bound=BaseModel)

STAND_INS = {"name": "?", "timezone": "UTC"}  # for missing or invalid required fields


@dataclass(frozen=True)
class Parts:
    """The sections of a document; None stands for a section that cannot be repaired."""

    team: TeamSection | None
    calendars: Mapping[str, CalendarSection | None]
    policies: tuple[PolicySection | None, ...]
    escalation: tuple[EscalationSection | None, ...]

    @classmethod
    def of(cls, document: TeamDocument) -> Self:
        written = document.escalation if "escalation" in document.model_fields_set else ()
        return cls(document.team, document.calendars, document.policies, written)

    @classmethod
    def sound(cls, value: Any) -> Self:
        """Return the valid parts of a document that has mistakes."""
        if not isinstance(value, dict):
            value = {}
        calendars, policies = value.get("calendars"), value.get("policies")
        escalation = value.get("escalation")
        named = calendars.items() if isinstance(calendars, dict) else ()
        return cls(
            _sound(TeamSection, value.get("team")),
            {str(name): _sound(CalendarSection, each) for name, each in named},
            _all_sound(PolicySection, policies),
            _all_sound(EscalationSection, escalation),
        )


def _all_sound(section: type[SectionT], values: Any) -> tuple[SectionT | None, ...]:
    return tuple(_sound(section, each) for each in values) if isinstance(values, list) else ()


def _sound(section: type[SectionT], value: Any) -> SectionT | None:
    """Return the section without its invalid fields, so that the rest can be checked too."""
    try:
        return section.model_validate(value)
    except ValidationError as error:
        wrong = [within(value, each["loc"]) for each in error.errors(include_url=False)]
    for path in wrong:
        value = _pruned(value, path)
    if not isinstance(value, dict):
        return None
    try:
        return section.model_validate(_stand_ins(section) | value)
    except ValidationError:
        return None


def _stand_ins(section: type[BaseModel]) -> dict[str, str]:
    fields = section.model_fields
    return {k: v for k, v in STAND_INS.items() if k in fields and fields[k].is_required()}


def _pruned(value: Any, path: Path) -> Any:
    """Return a copy without the last key on the path."""
    if not isinstance(value, dict) or not path:
        return value
    key, *rest = path
    if any(isinstance(step, str) for step in rest):
        return value | {key: _pruned(value.get(key), tuple(rest))}
    return {name: each for name, each in value.items() if name != key}

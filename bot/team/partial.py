"""The valid parts of a document with mistakes, so that all mistakes are reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from bot.team.document import TeamDocument
from bot.team.mistakes import Path, steps_in
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
        # The default levels are left out: they are valid, and have no line to report.
        levels = document.escalation if "escalation" in document.model_fields_set else ()
        return cls(document.team, document.calendars, document.policies, levels)

    @classmethod
    def valid(cls, value: Any) -> Self:
        """Return the valid parts of a document that has mistakes."""
        if not isinstance(value, dict):
            value = {}
        calendars, policies = value.get("calendars"), value.get("policies")
        escalation = value.get("escalation")
        named = calendars.items() if isinstance(calendars, dict) else ()
        return cls(
            _valid(TeamSection, value.get("team")),
            {str(name): _valid(CalendarSection, each) for name, each in named},
            _all_valid(PolicySection, policies),
            _all_valid(EscalationSection, escalation),
        )


def _all_valid(section: type[SectionT], values: Any) -> tuple[SectionT | None, ...]:
    return tuple(_valid(section, each) for each in values) if isinstance(values, list) else ()


def _valid(section: type[SectionT], value: Any) -> SectionT | None:
    """Return the section without its invalid fields, so that the rest can be checked too."""
    try:
        return section.model_validate(value)
    except ValidationError as error:
        invalid = [steps_in(value, each["loc"]) for each in error.errors(include_url=False)]
    for path in invalid:
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

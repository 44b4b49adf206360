"""Who hears of a nudge besides the thread and the owner: people, groups and channels, by id."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.case.event import Event, EventKind
from bot.people import UserId
from bot.team import IfNobody, Level

if TYPE_CHECKING:
    from bot.case.record import CaseRecord


def hearers(case: "CaseRecord", event: Event) -> list[str]:
    """Each of them once: the leads, of every broken promise, and whom the levels name.

    A user group has no direct messages: it is mentioned in the case's thread. Where nobody at
    all would hear of a level, the thread does.
    """
    named = [id_ for level in _speaking(case, event) for id_ in _notified(case, level)]
    if event.kind is EventKind.BREACHED:
        named += case.team.document.team.leads
    if (event.steps and not named) or groups_in(named):
        named.append(case.card.channel)
    return list(dict.fromkeys(named))


def groups_in(ids: list[str]) -> list[str]:
    return [id_ for id_ in ids if id_.startswith("S")]


def passed_on(case: "CaseRecord", event: Event) -> list[Level]:
    """The levels that nobody was on duty at, so that the next one heard of it at once."""
    return [level for level in levels_of(case, event) if _passes(case, level, event.at)]


def levels_of(case: "CaseRecord", event: Event) -> list[Level]:
    """The levels that an event comes from. The document in force may have fewer by now."""
    numbers = {step.level for step in event.steps}
    return [level for level in case.levels if level.number in numbers] if numbers else []


def assignee_of(case: "CaseRecord", event: Event) -> UserId | None:
    """Who is handed the case: by the last level that says so."""
    named = [level.assign for level in levels_of(case, event) if level.assign is not None]
    return named[-1] if named else None


def _speaking(case: "CaseRecord", event: Event) -> Iterator[Level]:
    """Those levels; in place of one that nobody is on duty at, the next at which somebody is."""
    for level in levels_of(case, event):
        if not _passes(case, level, event.at):
            yield level
            continue
        later = [it for it in case.levels if it.number > level.number and it.is_active(event.at)]
        yield from later[:1]


def _passes(case: "CaseRecord", level: Level, at: datetime) -> bool:
    return not level.is_active(at) and level.if_nobody.of(case.priority) is IfNobody.NEXT


def _notified(case: "CaseRecord", level: Level) -> Iterator[str]:
    roles = case.team.document.team
    for word in level.notify:
        match word:
            case "owner":
                yield from [case.owner] if case.owner is not None else []
            case "managers":
                yield from roles.managers
            case "leads":
                yield from roles.leads
            case "on_duty":  # everyone who may claim, until there is a rota
                yield from case.team.can_claim
            case "channel":
                yield case.card.channel
            case "backup":  # nobody is one yet
                pass
            case _:
                yield word

"""Find who an escalation level notifies, and which levels are off duty and pass an event on."""

from collections.abc import Iterator
from datetime import datetime

from bot.case.event import Event, EventKind
from bot.case.state import CaseState
from bot.people import UserId, is_group
from bot.team import IfNobody, Level


def nudge_recipients(case: CaseState, event: Event) -> list[str]:
    """Return the people, groups and channels that a nudge goes to, without duplicates.

    The escalation levels name them, and leads get every breach. Slack user groups have no DM, so
    they are mentioned in the thread. A level without any recipient falls back to the thread.
    """
    named = [id_ for level in _effective_levels(case, event) for id_ in _named_by(case, level)]
    if event.kind is EventKind.BREACHED:
        named += case.team.document.team.leads
    if (event.steps and not named) or user_groups_in(named):
        named.append(case.card.channel)
    return list(dict.fromkeys(named))


def user_groups_in(ids: list[str]) -> list[str]:
    """Return the ids that are Slack user groups."""
    return [id_ for id_ in ids if is_group(id_)]


def passed_on(case: CaseState, event: Event) -> list[Level]:
    """Return the levels that were off duty and passed the event on to the next level."""
    return [level for level in levels_of(case, event) if _passes_on(case, level, event.at)]


def levels_of(case: CaseState, event: Event) -> list[Level]:
    """Return the levels that raised an event.

    Levels that the document in force no longer has are left out.
    """
    numbers = {step.level for step in event.steps}
    return [level for level in case.levels if level.number in numbers] if numbers else []


def assignee_of(case: CaseState, event: Event) -> UserId | None:
    """Return the assignee named by the highest level that raised the event, or None."""
    named = [level.assign for level in levels_of(case, event) if level.assign is not None]
    return named[-1] if named else None


def _effective_levels(case: CaseState, event: Event) -> Iterator[Level]:
    """Yield the levels that raised an event, each replaced by the next active one if off duty."""
    for level in levels_of(case, event):
        if not _passes_on(case, level, event.at):
            yield level
            continue
        later = [it for it in case.levels if it.number > level.number and it.is_active(event.at)]
        yield from later[:1]


def _passes_on(case: CaseState, level: Level, at: datetime) -> bool:
    return not level.is_active(at) and level.if_nobody.of(case.priority) is IfNobody.NEXT


def _named_by(case: CaseState, level: Level) -> Iterator[str]:
    roles = case.team.document.team
    for word in level.notify:
        match word:
            case "owner":
                yield from [case.owner] if case.owner is not None else []
            case "managers":
                yield from roles.managers
            case "leads":
                yield from roles.leads
            case "on_duty":  # there is no rota yet: everyone who may claim
                yield from case.team.can_claim
            case "channel":
                yield case.card.channel
            case "backup":  # there are no backups yet
                pass
            case _:
                yield word

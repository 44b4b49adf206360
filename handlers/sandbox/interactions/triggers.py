"""Trigger ids: leave to open a form on somebody's screen, once, within three seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.sandbox.clock import Clock
from handlers.sandbox.errors import SlackError
from handlers.sandbox.workspace.ids import Mint

LIFE = timedelta(seconds=3)


@dataclass
class Trigger:
    person: str
    until: datetime
    used: bool = False


class Triggers:
    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._given: dict[str, Trigger] = {}

    def give(self, person: str) -> str:
        id = self._mint.trigger_id()
        self._given[id] = Trigger(person, self._clock() + LIFE)
        return id

    def redeem(self, id: str) -> str:
        """Whose screen this trigger opens; it is then used up."""
        if (trigger := self._given.get(id)) is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.person

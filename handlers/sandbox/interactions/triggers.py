"""Trigger ids: let an app open one view for a person within three seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.sandbox.clock import Clock
from handlers.sandbox.errors import SlackError
from handlers.sandbox.workspace.ids import Mint

LIFETIME = timedelta(seconds=3)


@dataclass
class Trigger:
    """One trigger id that was issued."""

    person: str
    expires: datetime
    used: bool = False


class Triggers:
    """Issues and redeems trigger ids."""

    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._issued: dict[str, Trigger] = {}

    def issue(self, person: str) -> str:
        id = self._mint.trigger_id()
        self._issued[id] = Trigger(person, self._clock() + LIFETIME)
        return id

    def redeem(self, id: str) -> str:
        """Use up a trigger id and return the person it belongs to.

        Raises:
            SlackError: the id is unknown, used or expired.
        """
        if (trigger := self._issued.get(id)) is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.person

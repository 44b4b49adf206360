"""Messages for people: marked for translation where they are written, translated where shown."""

from dataclasses import dataclass
from typing import TypeAlias

from bot.people import UserId


@dataclass(frozen=True)
class Mention:
    """A person in a message. Each surface shows people in its own way."""

    user: UserId

    def __str__(self) -> str:
        return self.user


Param: TypeAlias = str | int | Mention
"""What a placeholder of a message may stand for."""


def N_(message: str) -> str:  # noqa: N802  the name by which xgettext finds marked messages
    """Mark a message for translation and return it unchanged."""
    return message

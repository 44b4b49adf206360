"""Messages for people: marked for translation where they are written, translated where shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Sentence:
    """A marked message with its parameters; ``str()`` of it is English."""

    message: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @classmethod
    def of(cls, message: str, **params: Param) -> "Sentence":
        return cls(message, params)

    def __str__(self) -> str:
        return self.message.format(**self.params)


class InvalidInput(ValueError):
    """Input that cannot be read. The sentence says what is wrong and what would be right."""

    def __init__(self, message: str, **params: Param) -> None:
        self.sentence = Sentence(message, params)
        super().__init__(str(self.sentence))

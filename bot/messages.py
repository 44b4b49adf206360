"""Messages for people: marked for translation in the code, translated when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.people import UserId


@dataclass(frozen=True)
class Mention:
    """A person named in a message. Slack and the command line render people differently."""

    user: UserId

    def __str__(self) -> str:
        return self.user


Param: TypeAlias = str | int | Mention
"""The value of a placeholder in a message."""


def N_(message: str) -> str:  # noqa: N802  xgettext finds marked messages by this name
    """Mark a message for translation and return it unchanged."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A marked message with its parameters. ``str()`` gives the English text."""

    message: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @classmethod
    def of(cls, message: str, **params: Param) -> "Sentence":
        return cls(message, params)

    def __str__(self) -> str:
        return self.message.format(**self.params)


class InvalidInput(ValueError):
    """Input that cannot be read. ``sentence`` says what is wrong and what to write instead."""

    def __init__(self, message: str, **params: Param) -> None:
        self.sentence = Sentence(message, params)
        super().__init__(str(self.sentence))

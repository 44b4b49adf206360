"""What a person asked for and cannot have.

BotError
└── NotAllowed
"""

from string import Template

from bot.people import UserId


class BotError(Exception):
    """A request that cannot be done; its words are shown to whoever asked.

    A person in them is a ``$name``, for each surface shows people in its own way.
    """

    def __init__(self, words: str, **people: UserId) -> None:
        super().__init__(Template(words).safe_substitute(people))
        self.words, self.people = words, people


class NotAllowed(BotError):
    """The state of the case, or the role of the person, rules it out."""

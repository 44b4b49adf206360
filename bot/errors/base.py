"""What every refusal has in common: words for whoever asked."""

from string import Template

from bot.people import CaseId, UserId


class BotError(Exception):
    """A request that cannot be done; its words are shown to whoever asked.

    A person in them is a ``$name``, for each surface shows people in its own way.
    """

    def __init__(self, words: str, **people: UserId) -> None:
        super().__init__(Template(words).safe_substitute(people))
        self.words, self.people = words, people


class NotAllowed(BotError):
    """The role of the person rules it out: the ``step``, on the ``case`` if it is about one."""

    def __init__(
        self, words: str, *, step: str, case: CaseId | None = None, owner: UserId | None = None
    ) -> None:
        super().__init__(words, **({"owner": owner} if owner else {}))
        self.step, self.case = step, case


class WrongState(BotError):
    """The state of the case rules it out."""

"""The error for a database that this process must not use."""

from bot.messages import Sentence


class BadDatabase(Exception):
    """The database cannot be used; the sentence tells the operator what to do."""

    def __init__(self, message: str, **params: str) -> None:
        self.sentence = Sentence(message, params)
        super().__init__(str(self.sentence))

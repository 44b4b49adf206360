"""Translation of marked messages. English only, until there are catalogs."""

from gettext import NullTranslations

from bot.messages import Sentence

_translations = NullTranslations()

_ = _translations.gettext
"""Translate a message, and mark it for extraction."""

ngettext = _translations.ngettext
"""Translate a message with a plural: ``ngettext(one, many, count)``."""


def translate(sentence: Sentence) -> str:
    """Return a sentence in the reader's language, with its parameters filled in."""
    return _(sentence.message).format(**sentence.params)

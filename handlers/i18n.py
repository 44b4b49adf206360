"""Translation of marked messages. English only, until there are catalogues."""

from gettext import NullTranslations

_translations = NullTranslations()

_ = _translations.gettext
"""Translate a message, and mark it for extraction."""

ngettext = _translations.ngettext
"""Translate a message with a plural: ``ngettext(one, many, count)``."""

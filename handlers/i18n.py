"""Translation of marked messages. English, until there are catalogues for other languages."""

from gettext import NullTranslations

_translations = NullTranslations()

_ = _translations.gettext
"""Mark a message for translation and translate it."""

ngettext = _translations.ngettext
"""The same, with a form for one and a form for many: ``ngettext(one, many, count)``."""

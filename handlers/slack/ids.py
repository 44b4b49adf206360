"""The names that Slack sends back to us."""

from enum import StrEnum


class Command(StrEnum):
    ESCALATE = "/escalate"
    BATON = "/baton"


class Shortcut(StrEnum):
    ESCALATE = "escalate"
    ESCALATE_MESSAGE = "escalate_message"


class Form(StrEnum):
    """A modal's ``callback_id``."""

    ESCALATE = "escalate_form"
    RESOLVE = "resolve_form"
    REOPEN = "reopen_form"


class Button(StrEnum):
    """An element's ``action_id``; its value is a case's number, or a draft's id."""

    CLAIM = "claim"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    OPEN_FORM = "open_form"


class Field(StrEnum):
    """A question's ``block_id`` in a form."""

    TEAM = "team"
    CUSTOMER = "customer"
    SUMMARY = "summary"
    REASONS = "reasons"
    PRIORITY = "priority"
    CATEGORY = "category"
    TICKET_LINK = "ticket_link"
    SOURCE = "source"
    WISH = "wish"
    OUTCOME = "outcome"
    ROOT_CAUSE = "root_cause"
    PREVENTION = "prevention"
    WHY = "why"


ANSWER = "answer"
"""The ``action_id`` of the one element that a question has."""

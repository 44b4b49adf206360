"""The ids that Slack sends back: commands, shortcuts, forms, buttons, fields, events."""

from enum import StrEnum

CHANNEL_OPENED = ("channel_unarchive", "group_unarchive", "channel_rename", "group_rename")
CHANNEL_CLOSED = ("channel_archive", "group_archive", "channel_left", "group_left")
"""Events of Slack after which Baton can or cannot post in a channel."""


CHANNEL_SHARED = ("channel_shared", "channel_unshared")
"""Events of Slack when a channel is shared with another company, and when that ends."""


class Command(StrEnum):
    ESCALATE = "/escalate"
    BATON = "/baton"


class Shortcut(StrEnum):
    ESCALATE = "escalate"
    ESCALATE_MESSAGE = "escalate_message"


class Form(StrEnum):
    """A modal's ``callback_id``."""

    ESCALATE = "escalate_form"
    QUESTIONS = "questions_form"
    ANYWAY = "anyway_form"
    UPDATE = "update_form"
    WAIT = "wait_form"
    PRIORITY = "priority_form"
    RESOLVE = "resolve_form"
    REOPEN = "reopen_form"
    HAND_OFF = "hand_off_form"
    DECLINE = "decline_form"
    APPEAL = "appeal_form"
    EDIT = "edit_form"
    MERGE = "merge_form"
    CONTACT = "contact_form"
    FACTS = "facts_form"
    OFFER = "offer_form"
    DECLINE_GOODWILL = "decline_goodwill_form"
    SKIP = "skip_form"
    ASK = "ask_form"
    ANSWER = "answer_form"
    RELEASE = "release_form"


class Button(StrEnum):
    """An element's ``action_id``; its value is a case number or a delivery key."""

    CLAIM = "claim"
    DECLINE = "decline"
    APPEAL = "appeal"
    UPDATE = "update"
    WAIT = "wait"
    RESUME = "resume"
    HAND_OFF = "hand_off"
    ACCEPT = "accept"
    TURN_DOWN = "turn_down"
    RELEASE = "release"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    REVIEWED = "reviewed"
    CONTACT = "contact"
    FACTS = "facts"
    OFFER = "offer"
    APPROVE = "approve"
    DECLINE_GOODWILL = "decline_goodwill"
    PREVENTED = "prevented"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    OPEN_FORM = "open_form"
    FOLLOW = "follow"
    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"
    REPORT = "report"  # a menu of numbers
    MORE = "more"  # opens a menu of further steps
    PRIORITY = "priority"
    CUSTOMER = "customer"
    EDIT = "edit"
    MERGE = "merge"
    SKIP = "skip"
    ASK = "ask_department"
    ANSWER = "answer_task"
    WHY = "why"


class Field(StrEnum):
    """A field's ``block_id`` in a form."""

    TEAM = "team"
    CUSTOMER = "customer"
    SUMMARY = "summary"
    REASONS = "reasons"
    PRIORITY = "priority"
    CATEGORY = "category"
    TICKET_LINK = "ticket_link"
    SOURCE = "source"
    WISH = "wish"
    MOOD = "mood"
    FLAGS = "flags"
    RESTRICTED = "restricted"
    OUTCOME = "outcome"
    ROOT_CAUSE = "root_cause"
    PREVENTION = "prevention"
    MISS_REASON = "miss_reason"
    MISS_NOTE = "miss_note"
    WHY = "why"
    FACTS = "facts"
    OFFER = "offer"
    GOODWILL = "goodwill"
    STAGE = "stage"
    LEFT_OUT = "left_out"
    PREVENTION_OWNER = "prevention_owner"
    PREVENTION_BY = "prevention_by"
    DEPARTMENT = "department"
    ASKED = "asked"
    REPLY = "reply"
    OTHER_CASE = "other_case"
    NEW_OWNER = "to_whom"
    WORD = "word"
    NEXT_STEP = "next_step"
    NEWS = "news"
    NEWS_KIND = "news_kind"
    WAITS_ON = "waits_on"
    RESUME_BY = "resume_by"


ANSWER = "answer"
"""The ``action_id`` of a field's only element."""

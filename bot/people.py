"""Ids of workspaces, people, channels and cases."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
"""A Slack workspace that installed Baton: ``T…``."""

UserId = NewType("UserId", str)
"""A Slack user: ``U…``, or ``W…`` in Enterprise Grid."""

GroupId = NewType("GroupId", str)
"""A Slack user group: ``S…``."""

ChannelId = NewType("ChannelId", str)
"""A conversation: ``C…``, ``G…``, ``D…``, or a user id, which Slack takes as their DM."""

CaseId = NewType("CaseId", int)
"""The number of a case, counted from 1 in each workspace; people see ``ESC-42``."""

TeamId = NewType("TeamId", int)
"""The number of a team, counted from 1 in each workspace."""


def is_person(id_: str) -> bool:
    """Return whether a Slack id is a person's: ``U…``, or ``W…`` on Enterprise Grid."""
    return id_.startswith(("U", "W"))


def is_group(id_: str) -> bool:
    """Return whether a Slack id is a user group's: ``S…``."""
    return id_.startswith("S")


def is_channel(id_: str) -> bool:
    """Return whether a Slack id is a public or a private channel's: ``C…`` or ``G…``."""
    return id_.startswith(("C", "G"))


class Standing(StrEnum):
    """A user's status in the Slack workspace, independent of their role in a team."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDER = "outsider"  # from another workspace, through Slack Connect
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Person:
    """The user behind a verified request, with what Slack reports about them."""

    user: UserId
    groups: frozenset[GroupId] = frozenset()
    standing: Standing = Standing.UNKNOWN
    runs_slack: bool = False  # an admin or owner of the workspace
    unconfirmed_groups: frozenset[GroupId] = frozenset()  # Slack did not confirm them lately


CASE = re.compile(r"#?(?:esc[- ]?)?(\d{1,9})", re.IGNORECASE)
"""The ways in which people write a case number: ``42``, ``#42``, ``ESC-42``, ``esc 42``."""


def reference(case: CaseId) -> str:
    """Return the name of a case as people see it."""
    return f"ESC-{case}"

"""Ids of workspaces, people, channels and cases."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
"""One Slack workspace that installed us: ``T…``."""

UserId = NewType("UserId", str)
"""A person in Slack: ``U…`` or ``W…``."""

GroupId = NewType("GroupId", str)
"""A Slack user group: ``S…``."""

ChannelId = NewType("ChannelId", str)
"""Where messages go: ``C…``, ``G…``, ``D…``, or a person's id for a DM to them."""

CaseId = NewType("CaseId", int)
"""Counted from 1 in each workspace; people see ``ESC-42``."""

TeamId = NewType("TeamId", int)
"""Counted from 1 in each workspace."""


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
    """What somebody is in the workspace, whatever the teams make of them."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDER = "outsider"  # of another workspace, through Slack Connect
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Person:
    """Who is asking: from the verified request, with what Slack has told us of them."""

    user: UserId
    groups: frozenset[GroupId] = frozenset()
    standing: Standing = Standing.UNKNOWN
    runs_slack: bool = False  # an admin or owner of the workspace


CASE = re.compile(r"#?(?:esc[- ]?)?(\d{1,9})", re.IGNORECASE)
"""How people write the number of a case."""


def reference(case: CaseId) -> str:
    """The name that people use for a case."""
    return f"ESC-{case}"

"""Workspace members and user groups."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")


@dataclass(kw_only=True)
class Member:
    """A person, or the app's bot user."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/London"
    locale: str = "en-GB"
    email: str = ""
    guest: bool = False
    bot: bool = False
    admin: bool = False
    deleted: bool = False
    color: str = COLORS[0]
    bot_id: str | None = None

    def tz_offset(self, at: datetime) -> int:
        offset = at.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def as_user(self, team: str, at: datetime, *, email: bool, locale: bool) -> dict[str, Any]:
        """Return the user object of users.info."""
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "deleted": self.deleted,
            "profile": self._profile(team, email=email),
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": int(at.timestamp()),
        }
        if self.deleted:
            return user
        local = at.astimezone(ZoneInfo(self.tz))
        user |= {
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": self.tz_offset(at),
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
        }
        return user | ({"locale": self.locale} if locale else {})

    def _profile(self, team: str, *, email: bool) -> dict[str, Any]:
        profile: dict[str, Any] = {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": team,
        }
        if self.bot_id:
            profile["bot_id"] = self.bot_id
        return profile | ({"email": self.email} if email and self.email else {})


@dataclass(kw_only=True)
class Group:
    """A user group; ``@handle`` mentions all its members."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)

    def as_usergroup(self, team: str, *, users: bool, count: bool) -> dict[str, Any]:
        usergroup: dict[str, Any] = {
            "id": self.id,
            "team_id": team,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_delete": 0,
        }
        if users:
            usergroup["users"] = list(self.members)
        return usergroup | ({"user_count": len(self.members)} if count else {})

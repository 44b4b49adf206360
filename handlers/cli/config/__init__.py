"""baton config: a team's document, checked, put in force and shown."""

from handlers.cli.config.apply import apply_document, apply_team
from handlers.cli.config.commands import config

__all__ = ["apply_document", "apply_team", "config"]

"""The ``baton config`` commands: check, preview, apply and show a team file."""

from handlers.cli.config.apply import apply_document, apply_team
from handlers.cli.config.commands import config

__all__ = ["apply_document", "apply_team", "config"]

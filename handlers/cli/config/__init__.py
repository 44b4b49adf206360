"""baton config: a team's document, checked, put in force and shown."""

from handlers.cli.config.apply import apply_document, put_in_force
from handlers.cli.config.commands import config

__all__ = ["apply_document", "config", "put_in_force"]

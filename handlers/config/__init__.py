"""baton config: a team's document, checked, put in force and shown."""

from handlers.config.commands import config
from handlers.config.in_force import apply_document, put_in_force

__all__ = ["apply_document", "config", "put_in_force"]

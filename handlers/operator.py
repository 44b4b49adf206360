"""What the commands of the shell begin with, and how each mistake is told to an operator."""

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import BadSettings, Settings
from handlers.told import Told
from storage import migrate as migrations


def read_settings() -> Settings:
    """Raises Told."""
    try:
        return Settings.read()
    except BadSettings as error:
        raise Told(str(error)) from None


def bring_up_to_date(settings: Settings) -> None:
    """Migrate the database of the settings.

    Raises:
        Told: it does not open.
    """
    try:
        migrations.migrate(settings.database_url)
    except SQLAlchemyError as error:
        told = str(error).splitlines()[0]
        raise Told(f"The database of DATABASE_URL does not open: {told}") from None

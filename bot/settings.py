"""Settings from environment variables, read once at startup."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.messages import N_, Sentence
from bot.rate_limit import Quota


class BadSettings(Exception):
    """Settings that are missing or invalid. The message names all of them at once."""


NEEDS_BOT_TOKEN = N_("Set SLACK_BOT_TOKEN; see .env.example.")
NEEDS_APP_TOKEN_OR_SECRET = N_(
    "Set SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP); see .env.example."
)
NEEDS_BOTH = N_(
    "Set SLACK_BOT_TOKEN and either SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET "
    "(for HTTP); see .env.example."
)


def _read_address(text: object) -> object:
    """Parse ``host:port``; an IPv6 host is in brackets.

    Raises:
        ValueError: it has another form.
    """
    found = ADDRESS.fullmatch(text) if isinstance(text, str) else None
    if isinstance(text, str) and found is None:
        raise ValueError("use HOST:PORT, for example 127.0.0.1:9100")
    return text if found is None else (found["host"].strip("[]"), int(found["port"]))


ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?P<port>\d{1,5})")
Address = Annotated[
    tuple[str, Annotated[int, Field(ge=0, le=65535)]], NoDecode, BeforeValidator(_read_address)
]


class Settings(BaseSettings):
    """One field per environment variable of the same name; a ``.env`` file is read as well."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: SecretStr | None = None  # the bot token of the workspace
    slack_app_token: SecretStr | None = None  # Socket Mode if set, else HTTP
    slack_signing_secret: SecretStr | None = None  # HTTP mode; "new,old" while it is being rotated
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///baton.db"  # a SQLAlchemy URL, or Heroku's postgres:// form
    baton_keys: SecretStr | None = None  # root keys in base64url, newest first
    baton_keys_file: Path | None = None  # holds them instead; on SQLite next to the database
    cases_per_person: Annotated[int, Field(ge=1)] = 10  # new cases per minute and person
    cases_per_workspace: Annotated[int, Field(ge=1)] = 600  # new cases per minute in total
    heartbeat_url: str | None = None  # requested every minute while no invariant is broken
    host: str = "0.0.0.0"  # noqa: S104  Slack and health checks connect from outside
    port: Annotated[int, Field(ge=0, le=65535)] = 3000  # for Slack, health checks and metrics
    metrics_bind: Address | None = None  # host:port for /metrics and /status, instead of PORT
    metrics_token: SecretStr | None = None  # the bearer token that these two require

    @classmethod
    def read(cls) -> "Settings":
        """Read the settings from the environment.

        Raises:
            BadSettings: a value is invalid.
        """
        try:
            return cls()
        except ValidationError as error:
            invalid = (f"{str(it['loc'][0]).upper()}: {it['msg']}" for it in error.errors())
            raise BadSettings("; ".join(invalid)) from None

    @property
    def quota(self) -> Quota:
        return Quota(self.cases_per_person, self.cases_per_workspace)

    @property
    def metrics_secret(self) -> str | None:
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    @property
    def signing_secrets(self) -> list[str]:
        """The signing secrets to accept: the current one and, while it is rotated, the old one."""
        value = self.slack_signing_secret
        parts = value.get_secret_value().split(",") if value is not None else []
        return [secret for part in parts if (secret := part.strip())]

    def check(self, *, hears_slack: bool) -> None:
        """Check that the settings which a process needs are there.

        Raises:
            BadSettings: some are missing; the message names all of them.
        """
        needs_bot_token = self.slack_bot_token is None
        needs_connection = hears_slack and self.slack_app_token is None and not self.signing_secrets
        if needs_bot_token and needs_connection:
            raise BadSettings(str(Sentence.of(NEEDS_BOTH)))
        if needs_bot_token:
            raise BadSettings(str(Sentence.of(NEEDS_BOT_TOKEN)))
        if needs_connection:
            raise BadSettings(str(Sentence.of(NEEDS_APP_TOKEN_OR_SECRET)))

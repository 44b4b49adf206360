"""What differs between one deployment and the next: read once, at startup."""

from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.rate_limit import Quota


class BadSettings(Exception):
    """Its words name every variable that needs another look, at once."""


class Settings(BaseSettings):
    """Each field is the environment variable of the same name; ``.env`` is read, too."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: SecretStr | None = None  # one workspace's bot token
    slack_app_token: SecretStr | None = None  # Socket Mode if set, else HTTP
    slack_signing_secret: SecretStr | None = None  # HTTP mode: what Slack signs with; new,old
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///baton.db"  # SQLAlchemy's form, or Heroku's postgres://
    cases_per_person: Annotated[int, Field(ge=1)] = 10  # that one person may open in a minute
    cases_per_workspace: Annotated[int, Field(ge=1)] = 600  # ... and all of them together
    heartbeat_url: str | None = None  # asked for each minute, while all is well
    port: Annotated[int, Field(ge=0, le=65535)] = 3000  # Slack's requests, health, metrics

    @classmethod
    def read(cls) -> "Settings":
        """Raises BadSettings."""
        try:
            return cls()
        except ValidationError as error:
            wrong = (f"{str(it['loc'][0]).upper()}: {it['msg']}" for it in error.errors())
            raise BadSettings("; ".join(wrong)) from None

    @property
    def quota(self) -> Quota:
        return Quota(self.cases_per_person, self.cases_per_workspace)

    @property
    def signing_secrets(self) -> list[str]:
        """The one that Slack signs with; and, while that is changed, the one before."""
        written = self.slack_signing_secret
        parts = written.get_secret_value().split(",") if written is not None else []
        return [secret for part in parts if (secret := part.strip())]

    def check(self, *, hears_slack: bool) -> None:
        """See that there is all that a process needs.

        Raises:
            BadSettings: naming all that is missing.
        """
        missing = []
        if self.slack_bot_token is None:
            missing.append("SLACK_BOT_TOKEN")
        if hears_slack and self.slack_app_token is None and not self.signing_secrets:
            missing.append("SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP)")
        if missing:
            raise BadSettings(f"Please set {' and '.join(missing)}; .env.example explains each.")

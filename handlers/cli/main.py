"""The commands that `baton --help` lists."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import nullcontext, suppress

import click
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import OperationalError

from bot.settings import BadSettings, Settings
from handlers import logs
from handlers.cli.audit import audit
from handlers.cli.cli_error import CliError
from handlers.cli.closures.command import closures
from handlers.cli.config import config
from handlers.cli.customers import customers
from handlers.cli.doctor import doctor
from handlers.cli.keys import keys
from handlers.cli.offboard import offboard
from handlers.cli.report.command import report
from handlers.cli.restored import restored
from handlers.cli.session import bot_token_refused, migrate_database, read_settings
from handlers.cli.sla import sla
from handlers.i18n import _
from handlers.process import Part, running
from storage.database.bad_database import BadDatabase
from storage.database.sqlite_lock import sqlite_lock


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="baton")
def main() -> None:
    """Track escalated support cases in Slack."""


@main.command()
def run() -> None:
    """Run Baton in one process. Does the work of web and worker."""
    _run(Part.ALL)


@main.command()
def web() -> None:
    """Receive requests from Slack. On PostgreSQL you can run any number of these."""
    _run(Part.WEB)


@main.command()
def worker() -> None:
    """Run scheduled jobs and send messages. On PostgreSQL you can run any number of these."""
    _run(Part.WORKER)


@main.command()
@click.option("--adopt", "adopted", is_flag=True, help="Use this copied SQLite file from now on.")
def migrate(adopted: bool) -> None:
    """Migrate the database to this version. Safe to repeat, and to run on several hosts."""
    settings = read_settings()
    try:
        with sqlite_lock(settings.database_url, adopt=True) if adopted else nullcontext():
            migrate_database(settings)
    except BadDatabase as error:
        raise CliError(str(error)) from None
    click.echo(_("The database is up to date."))


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port of the page.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
def demo(port: int, open_page: bool) -> None:
    """Try Baton in a simulated Slack workspace. Needs no account and no network."""
    from handlers.cli.demo.demo import show

    logs.set_up()
    try:
        asyncio.run(show(port, open_page=open_page, until=_wait_for_signal))
    except OSError as error:
        raise CliError(
            _("Port {port} is not available ({reason}). Try: baton demo --port 3001").format(
                port=port, reason=error
            )
        ) from None


config.add_command(closures)
main.add_command(audit)
main.add_command(config)
main.add_command(customers)
main.add_command(doctor)
main.add_command(keys)
main.add_command(report)
main.add_command(offboard)
main.add_command(restored)
main.add_command(sla)


def _run(parts: Part) -> None:
    settings = read_settings()
    logs.set_up()
    try:
        settings.check(hears_slack=Part.WEB in parts)
        with sqlite_lock(settings.database_url):
            migrate_database(settings)
            asyncio.run(_run_until_stopped(settings, parts))
    except (BadSettings, BadDatabase) as error:
        raise CliError(str(error)) from None
    except SlackApiError as error:
        raise CliError(bot_token_refused(error)) from None
    except OperationalError as error:
        raise CliError(
            _(
                "Baton cannot use its database: {reason}. To find the cause, run: baton doctor"
            ).format(reason=str(error.orig).strip())
        ) from None
    except OSError as error:
        raise CliError(
            _("{reason}. Set PORT and METRICS_BIND to free ports.").format(reason=error)
        ) from None


async def _run_until_stopped(settings: Settings, parts: Part) -> None:
    """Run until a signal arrives, even if it arrives during startup."""
    task = asyncio.current_task()
    stopped = _on_signals(lambda: task and task.cancel())
    with suppress(asyncio.CancelledError):
        async with running(settings, parts) as baton:
            click.echo(
                _(
                    "Baton is running in {workspace} and serves {url} for health and metrics. "
                    "Stop it with Ctrl+C."
                ).format(workspace=baton.installation.name, url=baton.url),
                err=True,
            )
            await stopped.wait()


async def _wait_for_signal() -> None:
    await _on_signals(lambda: None).wait()


def _on_signals(act: Callable[[], object]) -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set, and call ``act`` at the first of them."""
    stopped = asyncio.Event()

    def end() -> None:
        if not stopped.is_set():  # a second signal must not interrupt the shutdown
            stopped.set()
            act()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, end)
    return stopped

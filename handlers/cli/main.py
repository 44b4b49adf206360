"""The commands of an operator: what `baton --help` lists."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

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
from handlers.cli.offboard import offboard
from handlers.cli.report.command import report
from handlers.cli.restored import restored
from handlers.cli.session import bring_up_to_date, read_settings
from handlers.cli.sla import sla
from handlers.process import Part, running
from storage.database.sqlite_lock import BadDatabase, adopt, sqlite_lock


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="baton")
def main() -> None:
    """Baton: escalated support cases in Slack, passed on and never dropped."""


@main.command()
def run() -> None:
    """Everything in one process: Slack, time, and deliveries."""
    _run(Part.ALL)


@main.command()
def web() -> None:
    """Hear Slack. Any number of these, on PostgreSQL."""
    _run(Part.WEB)


@main.command()
def worker() -> None:
    """Time and deliveries. Any number of these, on PostgreSQL."""
    _run(Part.WORKER)


@main.command()
@click.option("--adopt", "adopted", is_flag=True, help="A copied SQLite file is the one to use.")
def migrate(adopted: bool) -> None:
    """Bring the database up to date. Safe to run twice, and from several places."""
    settings = read_settings()
    bring_up_to_date(settings)
    if adopted:
        adopt(settings.database_url)
    click.echo("The database is up to date.")


@main.command()
@click.option("--port", default=3000, show_default=True, help="Where the page is.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
def demo(port: int, open_page: bool) -> None:
    """A whole Slack workspace on this machine, with Baton in it. No account, no network."""
    from handlers.cli.demo.demo import show

    logs.set_up()
    try:
        asyncio.run(show(port, open_page=open_page, until=_asked_to_end))
    except OSError as error:
        raise CliError(f"Port {port} is taken ({error}). Try: baton demo --port 3001") from None


config.add_command(closures)
main.add_command(audit)
main.add_command(config)
main.add_command(customers)
main.add_command(doctor)
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
            bring_up_to_date(settings)
            asyncio.run(_until_asked_to_end(settings, parts))
    except (BadSettings, BadDatabase) as error:
        raise CliError(str(error)) from None
    except SlackApiError as error:
        reason = error.response["error"]
        raise CliError(f"Slack refuses SLACK_BOT_TOKEN ({reason}). Copy it again.") from None
    except OperationalError as error:
        raise CliError(f"The database fails: {str(error.orig).strip()}") from None
    except OSError as error:
        raise CliError(f"{error}. Set PORT to a port that is free.") from None


async def _until_asked_to_end(settings: Settings, parts: Part) -> None:
    """Run until a signal comes; one that comes while Baton still starts ends it, too."""
    this = asyncio.current_task()
    asked = _on_signals(lambda: this and this.cancel())
    with suppress(asyncio.CancelledError):
        async with running(settings, parts) as baton:
            where = f"It serves {baton.url} for health and metrics."
            told = f"Baton is in {baton.installation.name}. {where} Stop it with Ctrl+C."
            click.echo(told, err=True)
            await asked.wait()


async def _asked_to_end() -> None:
    await _on_signals(lambda: None).wait()


def _on_signals(act: Callable[[], object]) -> asyncio.Event:
    """What is set when the process is asked to end. ``act`` is called then: once, for what
    winds up must not be cut short by whoever asks twice."""
    asked = asyncio.Event()

    def end() -> None:
        if not asked.is_set():
            asked.set()
            act()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, end)
    return asked

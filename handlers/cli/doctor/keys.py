"""Checks of the root keys: they are there, private, and the ones that sealed the audit trail."""

from collections.abc import AsyncIterator, Iterator

from bot.keys import NO_KEYS, RootKeys
from bot.settings import BadSettings, Settings
from handlers.i18n import _
from storage import Store, Transaction
from storage.database.engines import read_url
from storage.database.key_file import key_file_of, read_keys
from storage.database.sqlite_file import file_of, is_exposed
from storage.due import Due


def usable_keys(settings: Settings) -> RootKeys:
    """Return the root keys, or none if they cannot be read, which ``check_keys`` reports."""
    try:
        return read_keys(settings)
    except BadSettings:
        return NO_KEYS


def check_keys(settings: Settings) -> Iterator[str]:
    try:
        read_keys(settings)
    except BadSettings as error:
        yield str(error)
    file = key_file_of(settings)
    if file is not None and is_exposed(file):
        yield _(
            "Other users of this machine can read the root keys in {file}. Run: chmod 600 {file}, "
            "then: baton keys rotate"
        ).format(file=file)
    is_sqlite = file_of(read_url(settings.database_url)) is not None
    if settings.baton_keys is None and file is None and not is_sqlite:
        yield _(
            "The audit trail is not sealed with a key, so anyone who can write to the database can "
            "rewrite it. Run: baton keys rotate"
        )


async def check_missing_keys(store: Store) -> AsyncIterator[str]:
    """Find keys that sealed entries and are not here: lost, or only another process has them."""
    for workspace in await store.query_all(Due.workspaces):
        for key in await store.of(workspace).read(missing_keys):
            yield _(
                "The key {key}, which sealed entries of the audit trail of {workspace}, is missing "
                "here. Give every process the same keys, and add this one from your copy. Without "
                "it, those entries cannot be verified; nothing else is lost"
            ).format(key=key, workspace=workspace)


def missing_keys(tx: Transaction) -> list[str]:
    return tx.audit.missing_keys()

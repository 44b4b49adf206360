"""Where the root keys are: in the settings, or in a file that only its owner can read."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.keys import KEY_BYTES, NO_KEYS, RootKeys, read_root_keys
from bot.messages import N_, InvalidInput, Sentence
from bot.settings import BadSettings, Settings
from storage.database.engines import read_url
from storage.database.sqlite_file import file_of

SUFFIX = ".keys"


def key_file_of(settings: Settings) -> Path | None:
    """Return the path of the key file; None if the settings hold the keys, or there are none.

    A SQLite database has one next to it by default.
    """
    if settings.baton_keys is not None or settings.baton_keys_file is not None:
        return settings.baton_keys_file if settings.baton_keys is None else None
    database = file_of(read_url(settings.database_url))
    return None if database is None else database.with_name(database.name + SUFFIX)


def read_keys(settings: Settings) -> RootKeys:
    """Return the root keys of the settings or of the key file; none if there is no file.

    Raises:
        BadSettings: they cannot be read.
    """
    file = key_file_of(settings)
    if settings.baton_keys is not None:
        return _parsed("BATON_KEYS", settings.baton_keys.get_secret_value())
    if file is None or not file.exists():
        return NO_KEYS
    try:
        return _parsed(str(file), file.read_text(encoding="ascii", errors="replace"))
    except OSError as error:
        raise _unusable(file, error) from None


def open_keys(settings: Settings) -> RootKeys:
    """Return the root keys; the first start with a SQLite database makes a key file.

    Raises:
        BadSettings: the keys cannot be read, or the key file cannot be made.
    """
    file = key_file_of(settings)
    if file is None or file.exists():
        return read_keys(settings)
    if file_of(read_url(settings.database_url)) is None:
        # Several hosts may start at once: each would make a key of its own.
        missing = N_("{file} of BATON_KEYS_FILE does not exist. Make it with: baton keys rotate")
        raise BadSettings(str(Sentence.of(missing, file=str(file))))
    with _writing(file):
        if not file.exists():  # another process may have made it
            _write(file, NO_KEYS.rotated(secrets.token_bytes(KEY_BYTES)))
    return read_keys(settings)


def rotate_keys(settings: Settings) -> RootKeys:
    """Return the keys with a new one in front, after writing them to the key file if there is one.

    Raises:
        BadSettings: the keys cannot be read or written.
    """
    secret, file = secrets.token_bytes(KEY_BYTES), key_file_of(settings)
    if file is None:
        return read_keys(settings).rotated(secret)
    with _writing(file):
        keys = read_keys(settings).rotated(secret)
        _write(file, keys)
    return keys


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Let one process at a time change the key file, so that none loses another's key.

    Raises:
        BadSettings: the file cannot be written.
    """
    try:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    except OSError as error:
        raise _unusable(file, error) from None


def _write(file: Path, keys: RootKeys) -> None:
    """Write the file as a whole: after a crash there is the old one or the new one."""
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as written:
        written.write(keys.written() + "\n")
        written.flush()
        os.fsync(written.fileno())
    Path(name).replace(file)


def _parsed(place: str, text: str) -> RootKeys:
    try:
        return read_root_keys(text)
    except InvalidInput as error:
        message = N_("{place} has no usable keys: {reason}. It needs base64url, newest first")
        raise BadSettings(str(Sentence.of(message, place=place, reason=str(error)))) from None


def _unusable(file: Path, error: OSError) -> BadSettings:
    message = N_("The key file {file} cannot be used: {reason}")
    return BadSettings(str(Sentence.of(message, file=str(file), reason=str(error.strerror))))

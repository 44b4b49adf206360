"""The statements that SQLAlchemy has compiled, kept for all tests of a process.

An engine compiles each statement once. Each test has engines of its own, and would pay for
hundreds of statements anew: a fifth of the time of a test with Baton in it.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event


class Compiled(dict[Any, Any]):
    """By the kind of database, where SQLAlchemy says: by the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def keep_what_is_compiled() -> None:
    kept = Compiled()

    @event.listens_for(Engine, "engine_connect")
    def take_it(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)


def _of_any_engine(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), *rest)

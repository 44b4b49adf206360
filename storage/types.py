"""Column types that store the same exact values in SQLite and PostgreSQL."""

import json
from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    String,
    Text,
    and_,
    literal_column,
    or_,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.case.facts import Fact, FactChange
from bot.people import CaseId, UserId
from bot.sla import LevelStep
from bot.team import BadDocument, TeamDocument, team_from_json

T = TypeVar("T")
WordT = TypeVar("WordT", bound=StrEnum)


class UnreadableValue(Exception):
    """A stored value that this version cannot read, for example a word of a newer version."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Stored(TypeDecorator[T], Generic[T]):
    """A type whose stored values are read by ``read``; None stays None."""

    __abstract__ = True
    cache_ok = True

    @abstractmethod
    def read(self, value: Any, dialect: Dialect) -> T:
        """Return the value for what the database holds."""

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """Read a value.

        Raises:
            UnreadableValue: this version does not know the value.
        """
        if value is None:
            return None
        try:
            return self.read(value, dialect)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise UnreadableValue(f"a {type(self).__name__} of another version") from error


class Instant(Stored[datetime]):
    """A timezone-aware datetime. SQLite has no such type: it stores microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        stored_as = BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(stored_as)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("datetime without a time zone")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def read(self, value: Any, dialect: Dialect) -> datetime:
        instant: datetime = EPOCH + value * MICROSECOND if dialect.name == "sqlite" else value
        return instant.astimezone(UTC)


class Length(Stored[timedelta]):
    """A timedelta, stored in microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def read(self, value: int, _dialect: Dialect) -> timedelta:
        return value * MICROSECOND


class Word(Stored[WordT]):
    """A StrEnum, stored as text, so that a new value needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[WordT]) -> None:
        super().__init__()
        self.words = words
        self._by_value = {word.value: word for word in words}  # faster than the enum's constructor

    def process_bind_param(self, value: WordT | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def read(self, value: str, _dialect: Dialect) -> WordT:
        return self._by_value[value]


class Words(Stored[tuple[WordT, ...]]):
    """Values of a StrEnum, stored as comma-separated text."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[WordT]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: tuple[WordT, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def read(self, value: str, _dialect: Dialect) -> tuple[WordT, ...]:
        return tuple(self.words(word) for word in value.split(",") if word)


class Ids(Stored[tuple[UserId, ...]]):
    """User ids, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[UserId, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def read(self, value: str, _dialect: Dialect) -> tuple[UserId, ...]:
        return tuple(map(UserId, filter(None, value.split(","))))


class Changes(Stored[tuple[FactChange, ...]]):
    """The changes of an edit, stored as JSON: ``[[fact, before, after], ...]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[FactChange, ...] | None, dialect: Dialect
    ) -> str | None:
        return None if value is None else json.dumps([[*vars(it).values()] for it in value])

    def read(self, value: str, _dialect: Dialect) -> tuple[FactChange, ...]:
        return tuple(FactChange(Fact(fact), *texts) for fact, *texts in json.loads(value))


class CaseIds(Stored[tuple[CaseId, ...]]):
    """Numbers of cases, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[CaseId, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def read(self, value: str, _dialect: Dialect) -> tuple[CaseId, ...]:
        return tuple(CaseId(int(one)) for one in value.split(",") if one)


class Counts(Stored[tuple[int, ...]]):
    """Integers, stored as comma-separated text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def read(self, value: str, _dialect: Dialect) -> tuple[int, ...]:
        return tuple(int(one) for one in value.split(",") if one)


class Steps(Stored[tuple[LevelStep, ...]]):
    """Levels that were reached, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[LevelStep, ...] | None, dialect: Dialect
    ) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def read(self, value: str, _dialect: Dialect) -> tuple[LevelStep, ...]:
        return tuple(LevelStep.read(step) for step in value.split(",") if step)


class Document(Stored[TeamDocument]):
    """A team file, stored as JSON; parsed once for all cases that share it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: TeamDocument | None, dialect: Dialect) -> str | None:
        return None if value is None else value.model_dump_json(by_alias=True, exclude_unset=True)

    def read(self, value: str, _dialect: Dialect) -> TeamDocument:
        try:
            return _document(value)
        except BadDocument as error:
            raise ValueError("the team file") from error


def readable(*columns: Column[Any]) -> ColumnElement[bool]:
    """Return the condition that these columns hold words which this version knows, or nothing."""
    return and_(*map(_readable, columns))


def _readable(column: Column[Any]) -> ColumnElement[bool]:
    # Words of our enums, written out: the statements of the outbox run every second.
    words = cast("Word[Any]", column.type).words
    known = column.in_([literal_column(f"'{word}'") for word in words])
    return or_(column.is_(None), known) if column.nullable else known


@lru_cache(maxsize=256)
def _document(text: str) -> TeamDocument:
    return team_from_json(json.loads(text))

"""Column types that store the same exact values in SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.case.facts import Fact, FactChange
from bot.people import CaseId, UserId
from bot.sla import LevelStep
from bot.team import TeamDocument, team_from_json

WordT = TypeVar("WordT", bound=StrEnum)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
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

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = EPOCH + value * MICROSECOND if dialect.name == "sqlite" else value
        return instant.astimezone(UTC)


class Length(TypeDecorator[timedelta]):
    """A timedelta, stored in microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else value * MICROSECOND


class Word(TypeDecorator[WordT]):
    """A StrEnum, stored as text, so that a new value needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[WordT]) -> None:
        super().__init__()
        self.words = words
        self._by_value = {word.value: word for word in words}  # faster than the enum's constructor

    def process_bind_param(self, value: WordT | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> WordT | None:
        return None if value is None else self._by_value[value]


class Words(TypeDecorator[tuple[WordT, ...]]):
    """Values of a StrEnum, stored as comma-separated text."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[WordT]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: tuple[WordT, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[WordT, ...] | None:
        if value is None:
            return None
        return tuple(self.words(word) for word in value.split(",") if word)


class Ids(TypeDecorator[tuple[UserId, ...]]):
    """User ids, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[UserId, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[UserId, ...] | None:
        return None if value is None else tuple(map(UserId, filter(None, value.split(","))))


class Changes(TypeDecorator[tuple[FactChange, ...]]):
    """The changes of an edit, stored as JSON: ``[[fact, before, after], ...]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[FactChange, ...] | None, dialect: Dialect
    ) -> str | None:
        return None if value is None else json.dumps([[*vars(it).values()] for it in value])

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[FactChange, ...] | None:
        if value is None:
            return None
        return tuple(FactChange(Fact(fact), *texts) for fact, *texts in json.loads(value))


class CaseIds(TypeDecorator[tuple[CaseId, ...]]):
    """Numbers of cases, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[CaseId, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[CaseId, ...] | None:
        if value is None:
            return None
        return tuple(CaseId(int(one)) for one in value.split(",") if one)


class Counts(TypeDecorator[tuple[int, ...]]):
    """Integers, stored as comma-separated text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(int(one) for one in value.split(",") if one)


class Steps(TypeDecorator[tuple[LevelStep, ...]]):
    """Levels that were reached, stored as comma-separated text."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[LevelStep, ...] | None, dialect: Dialect
    ) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[LevelStep, ...] | None:
        if value is None:
            return None
        return tuple(LevelStep.read(step) for step in value.split(",") if step)


class Document(TypeDecorator[TeamDocument]):
    """A team file, stored as JSON; parsed once for all cases that share it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: TeamDocument | None, dialect: Dialect) -> str | None:
        return None if value is None else value.model_dump_json(by_alias=True, exclude_unset=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> TeamDocument | None:
        return None if value is None else _document(value)


@lru_cache(maxsize=256)
def _document(text: str) -> TeamDocument:
    return team_from_json(json.loads(text))

"""Reading a team's document: from TOML or JSON to a TeamDocument, or every mistake in it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.team.checks import Found, check_whole
from bot.team.document import TeamDocument
from bot.team.mistakes import BadDocument, Mistake, Path, within, written
from bot.team.partial import Parts
from bot.team.toml_lines import line_at, lines_of
from bot.team.wording import words_of

LONGEST = 200_000  # characters; a large team's is a twentieth of that
MOST_MISTAKES = 100  # more than that, nobody reads

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def read_team(source: str) -> TeamDocument:
    """The document in TOML, whole and ready to be applied.

    Raises:
        BadDocument: every mistake in it, each with its line.
    """
    if len(source) > LONGEST:
        raise _alone(1, f"this is {len(source)} characters; a document has {LONGEST} at most")
    try:
        value, lines = tomllib.loads(source), lines_of(source)
    except RecursionError:
        raise _alone(1, "this is nested too deeply; write it as the guide shows it") from None
    except ValueError as error:
        raise _alone(*_syntax(source, str(error))) from None
    return _checked(value, whole=True, lines=lines)


def team_from_json(value: Any, *, whole: bool = False) -> TeamDocument:
    """The same as JSON. What no clock needs may be missing, unless it is to be ``whole``.

    Raises:
        BadDocument: every mistake in it, each with its path.
    """
    return _checked(value, whole=whole, lines=None)


def _checked(value: Any, *, whole: bool, lines: Mapping[Path, int] | None) -> TeamDocument:
    try:
        document = TeamDocument.model_validate(value)
        found = list(check_whole(Parts.of(document), whole=whole))
        if not found:
            return document
    except ValidationError as error:
        found = list(_one_by_one(error, value))
        found += list(_besides(found, check_whole(Parts.sound(value), whole=whole)))
    raise BadDocument(_in_order(found, lines))


def _one_by_one(error: ValidationError, value: Any) -> Iterator[Found]:
    for each in error.errors(include_url=False):
        path = within(value, each["loc"])
        if each["type"] == "missing":
            path = (*path, each["loc"][-1])
        if each["type"] != "too_short" or not each["input"]:  # else its elements are at fault
            yield path, words_of(each, path)


def _besides(found: list[Found], more: Iterable[Found]) -> Iterator[Found]:
    """Mistakes of the whole that do not merely follow from those of a part."""
    for path, words in more:
        if not any(known[: len(path)] == path for known, _ in found):
            yield path, words


def _in_order(found: list[Found], lines: Mapping[Path, int] | None) -> list[Mistake]:
    mistakes = [
        Mistake(None if lines is None else line_at(lines, path), written(path), words)
        for path, words in dict.fromkeys(found)
    ]
    mistakes.sort(key=lambda mistake: mistake.line or 0)
    if len(mistakes) > MOST_MISTAKES:
        more = f"and {len(mistakes) - MOST_MISTAKES} more mistakes; mend these first"
        mistakes[MOST_MISTAKES:] = [Mistake(None, "", more)]
    return mistakes


def _syntax(source: str, said: str) -> tuple[int, str]:
    """What ``tomllib`` says, with its line taken out of the words."""
    where = _WHERE.search(said)
    line = int(where[1]) if where and where[1] else source.count("\n") + 1
    wrong = _WHERE.sub("", said) if where else "a number is too long"
    return line, f"this is not TOML: {wrong}; check the quotes and brackets here"


def _alone(line: int, words: str) -> BadDocument:
    return BadDocument([Mistake(line, "", words)])

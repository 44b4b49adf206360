"""Read a team file from TOML or JSON, or report every mistake in it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.messages import N_
from bot.team.checks import Found, check_whole
from bot.team.document import TeamDocument
from bot.team.mistakes import BadDocument, Mistake, Path, listed, path_text, steps_in
from bot.team.partial import Parts
from bot.team.toml_lines import line_at, lines_of
from bot.team.wording import words_of

LONGEST = 200_000  # characters; the document of a large team has about 10,000
MOST_DOTS = 200  # in a line; tomllib needs quadratic time for a key of many parts

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def read_team(source: str) -> TeamDocument:
    """Read a complete document, ready to be applied, from TOML.

    Raises:
        BadDocument: lists every mistake with its line.
    """
    if len(source) > LONGEST:
        raise BadDocument.of(
            N_("this has {length} characters; the limit is {limit}"),
            line=1,
            length=len(source),
            limit=LONGEST,
        )
    for number, text in enumerate(source.split("\n"), start=1):
        if text.count(".") > MOST_DOTS:
            raise BadDocument.of(
                N_("this line has more than {limit} dots; split it"), line=number, limit=MOST_DOTS
            )
    try:
        value, lines = tomllib.loads(source), lines_of(source)
    except RecursionError:
        raise BadDocument.of(
            N_("this is nested too deeply; see the guide for the format"), line=1
        ) from None
    except ValueError as error:
        raise _syntax_error(source, str(error)) from None
    return _checked(value, whole=True, lines=lines)


def team_from_json(value: Any, *, whole: bool = False) -> TeamDocument:
    """Read a document from parsed JSON. Without ``whole``, only what clocks need is required.

    Raises:
        BadDocument: lists every mistake with its path.
    """
    return _checked(value, whole=whole, lines=None)


def _checked(value: Any, *, whole: bool, lines: Mapping[Path, int] | None) -> TeamDocument:
    try:
        document = TeamDocument.model_validate(value)
        found = list(check_whole(Parts.of(document), whole=whole))
        if not found:
            return document
    except ValidationError as error:
        found = list(_field_mistakes(error, value))
        found += list(_unrelated(check_whole(Parts.valid(value), whole=whole), found))
    raise BadDocument(_in_order(found, lines))


def _field_mistakes(error: ValidationError, value: Any) -> Iterator[Found]:
    for each in error.errors(include_url=False):
        path = steps_in(value, each["loc"])
        if each["type"] == "missing":
            path = (*path, each["loc"][-1])
        # A list that lost its invalid elements is "too short", but only they are at fault.
        if each["type"] != "too_short" or not each["input"]:
            yield path, words_of(each, path)


def _unrelated(more: Iterable[Found], found: list[Found]) -> Iterator[Found]:
    """Yield the mistakes that are not a consequence of one that was already found."""
    for path, words in more:
        if not any(known[: len(path)] == path for known, _ in found):
            yield path, words


def _in_order(found: list[Found], lines: Mapping[Path, int] | None) -> list[Mistake]:
    mistakes = [
        Mistake(None if lines is None else line_at(lines, path), path_text(path), words)
        for path, words in found
    ]
    return listed(sorted(mistakes, key=lambda mistake: mistake.line or 0))


def _syntax_error(source: str, reason: str) -> BadDocument:
    """Make a mistake of tomllib's message, which has its line at the end of the text."""
    where = _WHERE.search(reason)
    line = int(where[1]) if where and where[1] else source.count("\n") + 1
    if where is None:  # only the limit of int() on digits comes without a place
        return BadDocument.of(
            N_("this is not TOML: a number is too long; write a shorter one"), line=line
        )
    return BadDocument.of(
        N_("this is not TOML: {reason}; check the quotes and brackets here"),
        line=line,
        reason=_WHERE.sub("", reason),
    )

"""Find the line of each value in a TOML document.

``tomllib`` does not keep line numbers. This scanner walks over a document that ``tomllib`` has
already accepted, so it understands only enough TOML to find keys and values.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_TEXT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''',
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]+")


def lines_of(source: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every table, key and array element."""
    walk = _Walk(source)
    walk.document()
    return walk.lines


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of ``path``, or of the table that it is missing from."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Walk:
    def __init__(self, source: str) -> None:
        self._source, self._at = source, 0
        self._newlines = [found.start() for found in re.finditer("\n", source)]
        self._tables: dict[Path, int] = {}  # number of [[tables]] seen with each name
        self.lines: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._next():
            if self._next("[["):
                self._at += 2
                table = self._table(repeated=True)
                self._at += 2
            elif self._next("["):
                self._at += 1
                table = self._table(repeated=False)
                self._at += 1
            else:
                self._pair(table)

    def _next(self, wanted: str = "") -> bool:
        """Skip space and comments, and say whether ``wanted`` comes next."""
        if (space := _SPACE.match(self._source, self._at)) is not None:
            self._at = space.end()
        return self._at < len(self._source) and self._source.startswith(wanted, self._at)

    def _table(self, *, repeated: bool) -> Path:
        path: Path = ()
        keys = self._keys()
        for depth, key in enumerate(keys):
            path = (*path, key)
            if repeated and depth == len(keys) - 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            self._note(path)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self._note(path)
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._next("=")
        self._at += 1
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._next("."):
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._next()
        written = self._take(_KEY)
        if written.startswith(('"', "'")):
            return str(tomllib.loads(f"key = {written}")["key"])
        return written

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._elements(path)
        elif self._next("{"):
            self._inline_table(path)
        elif self._next('"') or self._next("'"):
            self._take(_TEXT)
        else:
            self._take(_BARE)

    def _elements(self, path: Path) -> None:
        self._at += 1
        position = 0
        while self._next() and not self._next("]"):
            self._note((*path, position))
            self._value((*path, position))
            position += 1
            if self._next(","):
                self._at += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._next() and not self._next("}"):
            self._pair(path)
            if self._next(","):
                self._at += 1
        self._at += 1

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_left(self._newlines, self._at) + 1)

    def _take(self, pattern: re.Pattern[str]) -> str:
        if (found := pattern.match(self._source, self._at)) is None:
            raise ValueError("this is not TOML")  # cannot happen after tomllib
        self._at = found.end()
        return found[0]

"""Clean, shorten and split text that people wrote."""

import re
import unicodedata
from collections.abc import Iterable

ELLIPSIS = "…"

# Control characters, bidirectional overrides and lone surrogates: PostgreSQL cannot store a NUL,
# and an override could disguise the text after it. Joiners stay: emoji and some scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_JOINED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
# Leading quotes are part of the patterns: unescape_formula always undoes escape_formula. Some
# spreadsheets read the full-width signs, too, and split a cell at semicolons, tabs and line ends.
_BEGINS_A_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_QUOTED_FORMULA_IN_A_PART = re.compile("(;|(?!\\A)[\t\r\n])'('*[=+\\-@＝＋－＠])")  # noqa: RUF001
_FORMULA_IN_A_PART = re.compile("(;|(?!\\A)[\t\r\n])('*[=+\\-@＝＋－＠])")  # noqa: RUF001

_LONGEST_GLYPH = 40  # code points


def cleaned(text: str) -> str:
    """Return the text in NFC, stripped, with ``\\n`` line ends and without control characters.

    Text without any visible character becomes empty.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()
    return text if any(map(str.isprintable, text)) else ""


def shortened(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, cut between words if possible, never inside a glyph."""
    if len(text) <= limit:
        return text
    head = text[: _edge(text, limit - len(ELLIPSIS))]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > len(head) * 0.8:
        head = head[:space]
    return head.rstrip() + ELLIPSIS


def split_text(text: str, limit: int) -> list[str]:
    """Split the text into pieces of at most ``limit`` characters, cut between words if possible."""
    pieces = []
    while len(text) > limit:
        cut = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit)) + 1
        if cut < limit // 2:
            cut = _edge(text, limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def one_line(text: str) -> str:
    """Return the text with every run of whitespace as one space."""
    return " ".join(text.split())


def join_names(names: Iterable[str]) -> str:
    """Return the names as ``a, b and c``. At least one is needed."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def escape_formula(text: str) -> str:
    """Return text that a spreadsheet shows as it is, and never runs as a formula."""
    escaped = _FORMULA_IN_A_PART.sub(r"\1'\2", text)
    return f"'{escaped}" if _BEGINS_A_FORMULA.match(escaped) else escaped


def unescape_formula(text: str) -> str:
    """Undo ``escape_formula``."""
    if text.startswith("'") and _BEGINS_A_FORMULA.match(text):
        text = text[1:]
    return _QUOTED_FORMULA_IN_A_PART.sub(r"\1\2", text)


def _edge(text: str, cut: int) -> int:
    """Return the nearest end of a glyph at or before ``cut``, or ``cut`` if none is near."""
    for place in range(cut, max(cut - _LONGEST_GLYPH, 0), -1):
        joined = unicodedata.combining(text[place]) or _JOINED.match(text[place])
        if not joined and text[place - 1] != "\u200d":
            return place
    return cut

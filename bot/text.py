"""What a person wrote: kept whole and literal, shown no longer than there is room for."""

import re
import unicodedata
from collections.abc import Iterable

ELLIPSIS = "…"

# Controls, and the marks that turn the direction of the text after them: nobody types these,
# and PostgreSQL cannot keep a NUL. Joiners stay, for emoji and scripts are made of them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_JOINED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_BEGINS_A_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001  some programs read these, too

_LONGEST_GLYPH = 40


def cleaned(text: str) -> str:
    """The text in NFC, its line ends as ``\\n``, without control characters and outer space;
    nothing, if there is nothing in it to see.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()
    return text if any(map(str.isprintable, text)) else ""


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where it can be, never inside a glyph."""
    if len(text) <= limit:
        return text
    head = text[: _edge(text, limit - len(ELLIPSIS))]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > len(head) * 0.8:
        head = head[:space]
    return head.rstrip() + ELLIPSIS


def in_pieces(text: str, limit: int) -> list[str]:
    """The whole text in pieces of at most ``limit`` characters, cut like ``shortened``."""
    pieces = []
    while len(text) > limit:
        cut = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit)) + 1
        if cut < limit // 2:
            cut = _edge(text, limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def one_line(text: str) -> str:
    return " ".join(text.split())


def in_a_row(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def harmless(text: str) -> str:
    """Text that a spreadsheet shows, and never computes."""
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """What ``harmless`` was given."""
    return text[1:] if text.startswith("'") and _BEGINS_A_FORMULA.match(text) else text


def _edge(text: str, cut: int) -> int:
    """The nearest place at or before ``cut`` where a glyph ends; ``cut`` if none is near."""
    for place in range(cut, max(cut - _LONGEST_GLYPH, 0), -1):
        joined = unicodedata.combining(text[place]) or _JOINED.match(text[place])
        if not joined and text[place - 1] != "\u200d":
            return place
    return cut

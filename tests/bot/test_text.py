"""Text that people typed: cleaned, shortened and escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import (
    cleaned,
    escape_formula,
    join_names,
    one_line,
    shortened,
    split_text,
    unescape_formula,
)

FULL_WIDTH = ("\uff1d1", "\uff20A1")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Acme  ", "Acme"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\x07c\x7f", "abc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("e\u0301", "é"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("שלום", "שלום"),
        ("\ud800", ""),
        (" \n\t ", ""),
    ],
)
def test_control_characters_are_removed_and_other_text_is_kept(typed: str, expected: str) -> None:
    assert cleaned(typed) == expected


def test_a_short_text_is_not_changed() -> None:
    assert shortened("as it is", 8) == "as it is"


def test_a_long_text_is_cut_between_words() -> None:
    assert shortened("login has been down since noon", 22) == "login has been down…"


def test_a_joined_emoji_is_never_cut_in_two() -> None:
    assert shortened("x" * 8 + "👨‍👩‍👧‍👦", 12) == "x" * 8 + "…"


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_shortened_text_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit


@given(st.text(min_size=1), st.integers(min_value=2, max_value=60))
def test_the_pieces_join_to_the_whole_text(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_several_lines_become_one() -> None:
    assert one_line("one\n  two\tthree ") == "one two three"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", *FULL_WIDTH])
def test_a_cell_that_starts_like_a_formula_is_escaped(text: str) -> None:
    """Prevent CSV injection: a spreadsheet would run such a cell as a formula."""
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Acme =1", "a+b", "a-b", "a@b.example", "1 - 2"])
def test_a_sign_inside_a_cell_is_not_escaped(text: str) -> None:
    assert escape_formula(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Acme;=1+1", "Acme;'=1+1"),
        (";@A1;-2", ";'@A1;'-2"),
        ("a\t=1", "a\t'=1"),
        ("a;'=1", "a;''=1"),
        ("a; b", "a; b"),
        ("1;2", "1;2"),
    ],
)
def test_a_formula_after_a_separator_is_escaped(text: str, escaped: str) -> None:
    """A spreadsheet whose separator is a semicolon splits the cell there."""
    assert escape_formula(text) == escaped


@given(st.text(alphabet="'=+a ;\t", max_size=6) | st.text())
def test_escaping_a_cell_can_be_undone(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_names_are_joined_with_commas_and_a_final_and() -> None:
    assert [join_names(names) for names in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]

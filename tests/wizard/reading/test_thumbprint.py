"""A thumbprint is 40 hex digits or a reason; nothing in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.reading.text import DIGITS, read_thumbprint

WHOLE = "4C0FFEE01122334455667788990AABBCCDDEEFF0"
PAIRS = [WHOLE[at : at + 2] for at in range(0, DIGITS, 2)]


def test_forty_digits_are_taken_as_they_are() -> None:
    reading = read_thumbprint(WHOLE)
    assert (reading.thumbprint, reading.stripped, reading.why) == (WHOLE, (), "")


@pytest.mark.parametrize(
    ("written", "stripped"),
    [
        (WHOLE.lower(), ("lower case",)),
        (" ".join(PAIRS), ("blanks or separators between the digits",)),
        (":".join(PAIRS), ("blanks or separators between the digits",)),
        ("\u200e" + WHOLE, ("an invisible mark (U+200E)",)),
        (f"'{WHOLE}'", ("quotes",)),
        (f"\u201c{WHOLE}\u201d", ("quotes",)),
        (
            "\u200e" + " ".join(PAIRS).lower(),
            ("an invisible mark (U+200E)", "blanks or separators between the digits", "lower case"),
        ),
    ],
)
def test_what_dialogs_and_web_pages_add_is_taken_away_and_named(written: str, stripped: tuple[str, ...]) -> None:
    reading = read_thumbprint(written)
    assert (reading.thumbprint, reading.stripped) == (WHOLE, stripped)


@pytest.mark.parametrize(
    "written", ["x" * 22, "X" * 40, "*" * 12, WHOLE[:8] + "****", "<your thumbprint>", "[redacted]"]
)
def test_a_masked_one_is_refused_as_masked(written: str) -> None:
    reading = read_thumbprint(written)
    assert (reading.thumbprint, reading.masked) == (None, True)
    assert "masked" in reading.why


@pytest.mark.parametrize("written", [WHOLE[:9] + "\u2026", WHOLE[:9] + "...", WHOLE + "\u2026"])
def test_one_that_a_table_cut_is_refused_as_cut(written: str) -> None:
    reading = read_thumbprint(written)
    assert (reading.thumbprint, reading.masked) == (None, False)
    assert "cut" in reading.why


@pytest.mark.parametrize(
    ("written", "count"), [(WHOLE[:39], "39 hex digits"), (WHOLE + "0", "41 hex digits"), ("A", "1 hex digit,")]
)
def test_a_wrong_number_of_digits_is_counted(written: str, count: str) -> None:
    why = read_thumbprint(written).why
    assert count.rstrip(",") in why
    assert "40 hex digits" in why


@pytest.mark.parametrize(("written", "shown"), [(WHOLE[:39] + "O", "'O' (U+004F)"), (WHOLE[:39] + "\u0410", "U+0410")])
def test_a_letter_that_is_no_hex_digit_is_shown(written: str, shown: str) -> None:
    assert shown in read_thumbprint(written).why


def test_nothing_is_said_to_be_nothing() -> None:
    assert read_thumbprint("  ").why == "There is no thumbprint here."


@given(st.text(max_size=60))
def test_any_text_gives_a_thumbprint_or_a_reason(text: str) -> None:
    reading = read_thumbprint(text)
    assert (reading.thumbprint is None) == bool(reading.why)


@given(
    st.text(alphabet="0123456789abcdefABCDEF", min_size=DIGITS, max_size=DIGITS), st.sampled_from(" \t:-\u00a0'\u200e")
)
def test_separators_never_change_the_digits(digits: str, separator: str) -> None:
    assert read_thumbprint(separator.join(digits)).thumbprint == digits.upper()

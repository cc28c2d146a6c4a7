"""Findings: sentences with their lines, and what was mended or left unread."""

from __future__ import annotations

import pytest

from wizard.facts import Line, Mended, Unread
from wizard.findings import Level, block, counted, good, info, reading_remarks, warn


def test_each_level_has_a_word_so_that_colour_is_never_needed() -> None:
    lines = (Line("a row", 7, "SEND.log"),)
    made = [tell("A sentence.", lines, "id", "KB") for tell in (good, info, warn, block)]
    assert [each.level.value for each in made] == ["OK", "Note", "Warning", "Stop"]
    assert {level.value for level in Level} == {"OK", "Note", "Warning", "Stop"}
    assert all((each.text, each.lines, each.id, each.source) == ("A sentence.", lines, "id", "KB") for each in made)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions"), (12345, "12,345 sessions")]
)
def test_a_number_takes_its_noun_along(number: int, words: str) -> None:
    assert counted(number, "session") == words


class TestRemarks:
    def test_are_none_where_nothing_was_mended_or_left(self) -> None:
        assert reading_remarks((), ()) == ()

    def test_name_the_places(self) -> None:
        mended, unread = reading_remarks(
            (Mended("SEND.log", 1204, "removed control characters"),), (Unread("paste", 3, "this is no row."),)
        )
        assert mended.level is Level.INFO
        assert mended.text == "Mended without guessing: SEND.log, line 1,204: removed control characters."
        assert unread.level is Level.WARN
        assert unread.text == "Not read: paste, line 3: this is no row."

    def test_count_what_they_do_not_name(self) -> None:
        mended, unread = reading_remarks(
            tuple(Mended("paste", n, f"x{n}") for n in range(1, 2005)),
            tuple(Unread("paste", n, f"y{n}") for n in range(1, 6)),
        )
        assert mended.text.endswith("; and 2,001 more.")
        assert unread.text.endswith(" And 2 more.")
        assert unread.text.count("line") == 3

    def test_say_what_is_the_same_once_with_its_places(self) -> None:
        mended, unread = reading_remarks(
            tuple(Mended(f"{n}.txt", 3, "skipped blank lines") for n in range(1, 6)),
            (*(Unread(f"{n}.txt", 1, "no row.") for n in range(1, 3)), Unread("b.log", 0, "b.log is not text.")),
        )
        assert mended.text == (
            "Mended without guessing: 1.txt, line 3; 2.txt, line 3; 3.txt, line 3 and 2 more: skipped blank lines."
        )
        assert unread.text == "Not read: 1.txt, line 1; 2.txt, line 1: no row. b.log is not text."

"""A text that is shown alone: by itself, with what is said about it in words that fit the window, and in a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from screens.copies import GO_BACK, HOW, ONE_LINE, TALL, around, folders, save

NOW = datetime(2026, 11, 22, 3, 5, 7)
LINE = "Get-Queue | Format-List Identity,Status"
SIZES = [(80, 24), (60, 18), (140, 40)]


def said(
    text: str = LINE,
    why: str = "",
    path: Path | None = Path("line.txt"),
    afterwards: str = "",
    size: tuple[int, int] = (80, 24),
) -> tuple[str, str]:
    """What stands before the text and after it, as running text."""
    before, after = around(text, why, path, afterwards, size)
    return " ".join(before), " ".join(after)


@pytest.mark.parametrize("size", SIZES)
def test_why_and_how_stand_before_it_and_the_way_back_after_it(size: tuple[int, int]) -> None:
    before, after = said(why="Could not copy. No display.", afterwards="Answer N to its question.", size=size)

    assert before == f"Could not copy. No display. {HOW} {ONE_LINE}"
    assert after == f"Answer N to its question. It is in this file as well: line.txt {GO_BACK}"


@pytest.mark.parametrize("size", SIZES)
def test_the_words_fit_the_window(size: tuple[int, int]) -> None:
    before, after = around("x" * 5_000, "Could not copy.", None, "Answer N to its question.", size)

    assert all(len(line) < size[0] for line in (*before, *after))


def test_several_lines_are_not_called_one() -> None:
    assert ONE_LINE not in said("one\ntwo")[0]


def test_what_is_taller_than_the_window_is_to_be_taken_from_the_file() -> None:
    assert TALL in said("x" * 1_800, size=(60, 18))[1]
    assert TALL not in said("x" * 1_800, size=(200, 60))[1]
    assert TALL not in said("x" * 1_800, path=None, size=(60, 18))[1]


def test_a_file_that_could_not_be_written_is_not_named() -> None:
    assert "It could not be saved to a file as well." in said(path=None)[1]


def test_nothing_the_terminal_could_act_on_is_said() -> None:
    before, after = around("x", "Bad \x1b[31m words", Path("a\x1bb.txt"), "\x07", (80, 24))

    assert "\x1b" not in "".join((*before, *after))


def test_the_file_holds_the_text_and_no_line_end_that_would_run_it(tmp_path: Path) -> None:
    path = save(LINE, (tmp_path,), NOW)

    assert path == tmp_path / "exchange-cert-wizard-line-20261122-030507.txt"
    assert path.read_bytes() == LINE.encode()


def test_no_file_takes_the_place_of_another(tmp_path: Path) -> None:
    first, second = save("one", (tmp_path,), NOW), save("two", (tmp_path,), NOW)

    assert first
    assert second
    assert (first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")) == ("one", "two")


def test_where_the_first_folder_takes_no_file_the_next_one_does(tmp_path: Path) -> None:
    path = save(LINE, (tmp_path / "gone", tmp_path), NOW)

    assert path
    assert path.parent == tmp_path


def test_where_none_does_there_is_no_file(tmp_path: Path) -> None:
    assert save(LINE, (tmp_path / "gone",), NOW) is None


def test_half_a_character_does_not_stop_the_saving(tmp_path: Path) -> None:
    path = save("a\ud83d", (tmp_path,), NOW)

    assert path
    assert path.read_bytes() == rb"a\ud83d"


def test_the_folder_for_what_is_not_kept_is_the_last_resort(tmp_path: Path) -> None:
    assert folders(tmp_path)[0] == tmp_path
    assert folders(tmp_path)[-1].is_dir()

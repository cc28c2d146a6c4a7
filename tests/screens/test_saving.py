"""As the program is left, the case is saved, and what is said of it is true."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from screens import copies as linefile
from screens.saves import leave, save_summary
from tests.screens.driving import our_case
from wizard.case.book import Casebook
from wizard.case.case import Case, StepId
from wizard.case.file import Saved
from wizard.case.keeper import Keeper

NOW = datetime(2026, 11, 22, 3, 5, 7, tzinfo=UTC)
S = StepId

windows = pytest.mark.skipif(sys.platform == "win32", reason="there a file is private by its place")


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "cases")


class TestTheLastWords:
    def test_name_the_case_that_was_saved(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(our_case(S.SERVICES))
        keeper.rename("Leeds")
        well, words = leave(keeper)
        assert (well, words) == (True, f"The case is saved. Go on with it:\nexchange-cert-wizard resume {keeper.id}")

    def test_go_on_line_by_line_where_it_was_line_by_line(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(our_case(S.SERVICES))
        keeper.rename("Leeds")
        _well, words = leave(keeper, plain=True)
        assert words.endswith(f"exchange-cert-wizard resume {keeper.id} --plain")

    def test_do_not_call_a_case_saved_that_was_only_read(self, book: Casebook) -> None:
        saved = Saved(book.new_id(NOW), our_case(S.SERVICES), "Leeds", NOW)
        book.save(saved)
        first, second = Keeper(book), Keeper(Casebook(book.folder))
        first.resume(saved.id)
        second.resume(saved.id)
        assert leave(second) == (True, "")

    def test_say_nothing_of_no_case(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(Case())
        assert leave(keeper) == (True, "")

    def test_say_what_the_disk_did_not_take_and_where_it_lies_instead(self, tmp_path: Path) -> None:
        (tmp_path / "cases").write_text("no folder", encoding="utf-8")
        keeper = Keeper(Casebook(tmp_path / "cases"))
        keeper.begin(our_case(S.SERVICES))
        keeper.rename("Leeds")
        well, words = leave(keeper, tmp_path / "elsewhere")
        (file,) = (tmp_path / "elsewhere").iterdir()
        assert not well
        assert "could not be saved" in words
        assert str(file) in words


class TestFilesForThePerson:
    def test_an_earlier_summary_is_not_written_over(self, tmp_path: Path) -> None:
        first = save_summary(our_case(S.SERVICES), tmp_path, NOW)
        second = save_summary(our_case(S.VERIFY), tmp_path, NOW)
        assert first != second
        assert len(list(tmp_path.iterdir())) == 2

    @windows
    def test_are_private(self, tmp_path: Path) -> None:
        save_summary(our_case(S.SERVICES), tmp_path, NOW)
        linefile.save("Get-Queue", [tmp_path], NOW)
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}

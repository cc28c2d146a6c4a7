"""A case that is left for another one is whole on disk, or is kept until it can be; and no case is another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.assets import sample_case
from wizard.case.book import Casebook, CasebookError
from wizard.case.case import Case, StepId
from wizard.case.file import Saved
from wizard.case.keeper import Keeper

NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, tzinfo=UTC)
S = StepId


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "cases")


def saved_in(book: Casebook, name: str = "Leeds") -> Saved:
    saved = Saved(book.new_id(NOW), cases.named(), name, EARLIER, archived=True)
    book.save(saved)
    return saved


class Disk:
    """A disk that says no as long as it is full."""

    def __init__(self, book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = True
        usual = book.save

        def save(saved: Saved, keep_logs: bool = False) -> None:
            if self.full:
                raise CasebookError("The disk is full.")
            usual(saved, keep_logs)

        monkeypatch.setattr(book, "save", save)


def saved_by_itself(keeper: Keeper) -> None:
    """Wait for the saving thread."""
    assert keeper._waiting
    keeper._waiting.result()


class TestGivenFree:
    def test_a_case_that_the_saving_thread_has_begun_can_be_gone_on_with_here(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(Case(opened=NOW))
        keeper.put(cases.named(case=keeper.case))
        saved_by_itself(keeper)
        first = keeper.id
        keeper.begin(Case(opened=EARLIER))
        keeper.resume(first)
        assert not keeper.read_only

    def test_and_in_another_window(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(Case(opened=NOW))
        keeper.put(cases.named(case=keeper.case))
        saved_by_itself(keeper)
        first = keeper.id
        assert not Casebook(book.folder).claim(first)
        keeper.close()
        assert Casebook(book.folder).claim(first)


class TestWhileTheDiskSaysNo:
    def test_a_case_that_is_left_is_saved_once_it_can_be(self, book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
        disk = Disk(book, monkeypatch)
        keeper = Keeper(book)
        keeper.begin(Case(opened=EARLIER))
        keeper.put(cases.named(case=keeper.case))
        keeper.rename("the first")
        keeper.begin(Case(opened=NOW))
        keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
        assert keeper.save_now() == "The disk is full."
        disk.full = False
        assert keeper.save_now() == ""
        assert {each.name for each in book.cases().cases} == {"the first", ""}
        assert {each.case.connector for each in book.cases().cases} == {cases.named().connector, ""}

    def test_so_is_one_that_is_left_for_a_saved_one_or_for_the_sample(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = saved_in(book)
        disk = Disk(book, monkeypatch)
        keeper = Keeper(book)
        leaving: dict[str, Callable[[], object]] = {
            "first": lambda: keeper.resume(other.id),
            "second": lambda: keeper.begin(sample_case()),
        }
        for name, leave in leaving.items():
            keeper.begin(Case(opened=NOW))
            keeper.put(cases.named(case=keeper.case))
            keeper.rename(name)
            leave()
        disk.full = False
        keeper.close()
        assert {each.name for each in book.cases().cases} == {"Leeds", "first", "second"}
        assert book.load(other.id) == other

    def test_it_is_gone_on_with_as_it_was_left(self, book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
        saved = saved_in(book)
        keeper = Keeper(book)
        keeper.resume(saved.id)
        Disk(book, monkeypatch)
        keeper.put(keeper.case.typing(S.SYMPTOM, "typed while it was full"))
        keeper.begin(Case(opened=NOW))
        keeper.resume(saved.id)
        assert keeper.case.answer(S.SYMPTOM).text == "typed while it was full"

    def test_opening_the_case_at_hand_again_loses_nothing(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        saved = saved_in(book)
        keeper = Keeper(book)
        keeper.resume(saved.id)
        Disk(book, monkeypatch)
        keeper.put(keeper.case.typing(S.SYMPTOM, "typed while it was full"))
        keeper.resume(saved.id)
        assert keeper.case.answer(S.SYMPTOM).text == "typed while it was full"

    def test_at_the_end_it_is_written_where_a_file_can_be(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        Disk(book, monkeypatch)
        keeper = Keeper(book)
        keeper.begin(Case(opened=NOW))
        keeper.put(cases.named(case=keeper.case))
        said = keeper.rescue(tmp_path / "elsewhere")
        (file,) = (tmp_path / "elsewhere").iterdir()
        assert str(file) in said
        assert "import" in said
        assert Casebook(tmp_path / "next").take_over(file, NOW).case.connector == cases.named().connector

    def test_what_is_on_disk_needs_no_rescue(self, book: Casebook, tmp_path: Path) -> None:
        keeper = Keeper(book)
        keeper.begin(Case(opened=NOW))
        keeper.put(cases.named(case=keeper.case))
        assert keeper.rescue(tmp_path / "elsewhere") == ""
        assert not (tmp_path / "elsewhere").exists()

    def test_a_fault_while_it_is_written_is_said_like_any_other(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_saved: Saved, _keep_logs: bool = False) -> None:
            raise RuntimeError("a name of the evidence")

        monkeypatch.setattr(book, "save", fail)
        said: list[str] = []
        keeper = Keeper(book, said.append)
        keeper.begin(Case(opened=NOW))
        keeper.put(cases.named(case=keeper.case))
        saved_by_itself(keeper)
        assert said == ["The case could not be saved: RuntimeError."]
        assert keeper.save_now() == said[0]


def test_opening_a_case_changes_nothing_of_it(book: Casebook) -> None:
    saved = saved_in(book)
    keeper = Keeper(book, now=lambda: NOW)
    keeper.begin(sample_case())
    keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
    keeper.resume(saved.id)
    keeper.close()
    assert book.load(saved.id) == saved


def test_a_case_that_is_only_read_here_keeps_its_name(book: Casebook) -> None:
    saved = saved_in(book)
    first, second = Keeper(book), Keeper(Casebook(book.folder))
    first.resume(saved.id)
    second.resume(saved.id)
    with pytest.raises(CasebookError, match="another window"):
        second.rename("York")
    assert second.name == "Leeds"
    assert book.load(saved.id) == replace(saved)

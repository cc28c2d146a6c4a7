"""The case that is worked on is on disk after every answer, whatever the disk does meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.assets import sample_case
from wizard.case.book import Casebook, CasebookError
from wizard.case.case import Case, Deed, StepId
from wizard.case.file import Saved
from wizard.case.keeper import Keeper
from wizard.steps.flow import settle

NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
S = StepId


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "cases")


def test_a_case_that_only_was_begun_has_no_file(book: Casebook) -> None:
    keeper = Keeper(book)
    keeper.begin(Case(opened=NOW))
    keeper.put(keeper.case.seeing(S.SYMPTOM))
    keeper.close()
    assert book.cases().cases == ()


def test_after_every_change_it_is_on_disk(book: Casebook) -> None:
    keeper = Keeper(book, now=lambda: NOW)
    keeper.begin(Case(opened=NOW))
    for case in (cases.named(case=keeper.case), cases.ready(), settle(cases.ready(), S.SERVICES)):
        keeper.put(case)
        assert keeper.save_now() == ""
        (saved,) = book.cases().cases
        assert (saved.id, saved.case.connector) == (keeper.id, case.connector)
    assert [step for _server, step, answer in saved.case.every_answer() if answer.finished] == [S.SERVICES]
    assert saved.saved == NOW


def test_it_saves_by_itself_and_the_newest_counts(book: Casebook) -> None:
    keeper = Keeper(book)
    keeper.begin(Case(opened=NOW))
    for number in range(50):
        keeper.put(replace(cases.named(), typed_name=str(number)))
    keeper.close()
    (saved,) = book.cases().cases
    assert saved.case.typed_name == "49"


def test_what_was_done_is_noted(book: Casebook) -> None:
    keeper = Keeper(book, now=lambda: NOW)
    keeper.begin(Case(opened=NOW))
    keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
    assert [entry.deed for entry in keeper.case.journal] == [Deed.OPENED, Deed.READ]


def test_sample_evidence_is_not_saved(book: Casebook) -> None:
    keeper = Keeper(book)
    keeper.begin(sample_case())
    keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
    keeper.close()
    assert book.cases().cases == ()


class TestResuming:
    def saved(self, book: Casebook) -> Saved:
        saved = Saved(book.new_id(NOW), cases.named(), "Leeds", NOW)
        book.save(saved)
        return saved

    def test_brings_the_case_back(self, book: Casebook) -> None:
        saved = self.saved(book)
        keeper = Keeper(book)
        keeper.resume(saved.id)
        assert (keeper.case, keeper.id, keeper.name, keeper.read_only) == (saved.case, saved.id, "Leeds", False)

    def test_in_a_second_window_only_reads(self, book: Casebook) -> None:
        saved = self.saved(book)
        first, second = Keeper(book), Keeper(Casebook(book.folder))
        first.resume(saved.id)
        second.resume(saved.id)
        assert second.read_only
        second.put(second.case.typing(S.SYMPTOM, "from the second"))
        second.close()
        assert book.load(saved.id) == saved
        first.put(first.case.typing(S.SYMPTOM, "from the first"))
        first.close()
        assert book.load(saved.id).case.answer(S.SYMPTOM).text == "from the first"
        second.resume(saved.id)
        assert not second.read_only

    def test_what_is_not_there_keeps_the_case_at_hand(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(cases.named())
        keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
        with pytest.raises(CasebookError):
            keeper.resume("20261122-033007-ab12")
        assert keeper.case.answer(S.SYMPTOM).text == "421"
        with pytest.raises(CasebookError, match="no casebook"):
            Keeper(None).resume("x")

    def test_a_new_case_afterwards_has_a_file_of_its_own(self, book: Casebook) -> None:
        saved = self.saved(book)
        keeper = Keeper(book)
        keeper.resume(saved.id)
        keeper.begin(Case(opened=datetime(2026, 11, 23, tzinfo=UTC)))
        keeper.put(keeper.case.typing(S.SYMPTOM, "another"))
        keeper.rename(" York ")
        keeper.close()
        assert {each.name for each in book.cases().cases} == {"Leeds", "York"}
        assert Casebook(book.folder).claim(saved.id)


class TestADiskThatSaysNo:
    def test_is_said_once_and_so_is_that_it_works_again(self, book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []
        keeper = Keeper(book, said.append)
        keeper.begin(Case(opened=NOW))
        usual = book.save

        def refuse(saved: Saved, keep_logs: bool = False) -> None:
            raise CasebookError("The disk is full.")

        def change(number: int) -> None:
            keeper.put(replace(cases.named(), typed_name=str(number)))
            assert keeper._waiting
            keeper._waiting.result()

        monkeypatch.setattr(book, "save", refuse)
        change(1)
        change(2)
        assert said == ["The disk is full."]
        assert keeper.save_now() == "The disk is full."
        monkeypatch.setattr(book, "save", usual)
        change(3)
        assert said == ["The disk is full.", "Saved again: the case is on disk."]
        assert book.cases().cases[0].case.typed_name == "3"

    def test_without_a_casebook_nothing_is_saved_and_nothing_fails(self) -> None:
        keeper = Keeper(None)
        keeper.begin(cases.named())
        keeper.put(cases.ready())
        assert keeper.save_now() == ""
        keeper.close()


def test_a_case_in_which_steps_were_only_left_out_has_no_file(book: Casebook) -> None:
    keeper = Keeper(book)
    keeper.begin(Case())
    keeper.put(keeper.case.seeing(S.SYMPTOM).skipping(S.SYMPTOM).opening(S.CONNECTOR, "").typing(S.CONNECTOR, " "))
    keeper.close()
    assert book.cases().cases == ()

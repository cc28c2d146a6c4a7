"""A pasted log is kept in its case only where the person says so, and never so much that the case cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.case.book import LARGEST, Casebook
from wizard.case.case import Case, StepId
from wizard.case.file import MOST_LOGS, MOST_TYPED, Logs, Saved, logs_of, parsed, written
from wizard.case.keeper import Keeper
from wizard.record.export import ExportForm, exported

NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
S = StepId
ROW = "TLS negotiation failed with error"


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "cases")


def given(text: str, at: StepId = S.LOG) -> Case:
    return cases.named().typing(S.CONNECTOR, "").typing(at, text)


@pytest.mark.parametrize("at", [S.SYMPTOM, S.LOGGING, S.LOG, S.RETRY], ids=lambda at: at.value)
def test_a_log_is_left_out_at_whichever_step_it_was_pasted(at: StepId) -> None:
    case = cases.given(cases.with_connector(), at, cases.failing())
    assert ROW in case.answer(at).text
    text = written(Saved("one", case))
    kept = json.loads(text)["case"]
    answers = (*kept.get("answers", {}).values(), *(a for on in kept["on"].values() for a in on["answers"].values()))
    assert all(ROW not in answer.get("text", "") for answer in answers)
    assert parsed(text).case.now.failed == case.now.failed


def test_other_evidence_stays_as_it_was_given() -> None:
    case = cases.with_connector()
    back = parsed(written(Saved("one", case))).case
    assert (back.answers, back.now.answers) == (case.answers, case.now.answers)


@pytest.mark.parametrize("at", [S.SYMPTOM, S.LOG], ids=lambda at: at.value)
@pytest.mark.parametrize("keep", [True, False])
def test_what_is_too_large_is_left_out_so_that_the_case_can_be_read_again(
    at: StepId, keep: bool, book: Casebook
) -> None:
    saved = Saved(book.new_id(NOW), given("\u00e9" * (MOST_LOGS + 1), at), keep_logs=keep)
    book.save(saved)
    assert book.path(saved.id).stat().st_size < LARGEST
    assert book.load(saved.id).case.connector == saved.case.connector
    assert logs_of(saved, usual=False) is (Logs.TOO_LARGE if keep else Logs.LEFT_OUT)


def test_the_largest_that_is_kept_can_be_read_again(book: Casebook) -> None:
    saved = Saved(book.new_id(NOW), given("\u00e9" * MOST_LOGS), keep_logs=True)
    book.save(saved)
    assert book.load(saved.id) == saved
    assert MOST_TYPED < MOST_LOGS


class TestSaidForOneCase:
    @pytest.mark.parametrize("usual", [True, False])
    def test_it_counts_more_than_the_settings_and_stays_with_the_case(self, usual: bool, book: Casebook) -> None:
        keeper = Keeper(book, keep_logs=usual)
        keeper.begin(cases.ready())
        keeper.keep_logs(not usual)
        keeper.close()
        (saved,) = book.cases().cases
        assert saved.keep_logs is not usual
        assert bool(saved.case.answer(S.LOG).text) is not usual
        keeper.resume(saved.id)
        keeper.put(keeper.case.typing(S.SYMPTOM, "421"))
        keeper.close()
        assert bool(book.load(saved.id).case.answer(S.LOG).text) is not usual

    def test_where_nothing_is_said_the_settings_count(self) -> None:
        saved = Saved("one", cases.ready())
        assert logs_of(saved, usual=True) is Logs.KEPT
        assert logs_of(saved, usual=False) is Logs.LEFT_OUT

    def test_a_new_case_is_asked_anew(self, book: Casebook) -> None:
        keeper = Keeper(book)
        keeper.begin(cases.ready())
        keeper.keep_logs(True)
        keeper.begin(cases.ready())
        assert keeper.logs is Logs.LEFT_OUT

    def test_the_logs_go_with_the_case_but_not_with_stand_ins(self) -> None:
        saved = Saved("one", cases.ready(), keep_logs=True)
        assert parsed(exported(saved, ExportForm.CASE, NOW).text).case.answer(S.LOG).text
        assert not parsed(exported(saved, ExportForm.CASE, NOW, redact=True).text).case.answer(S.LOG).text

    def test_a_colleague_has_them_too(self, book: Casebook, tmp_path: Path) -> None:
        file = tmp_path / "case.json"
        file.write_text(written(Saved("one", cases.ready(), keep_logs=True)), encoding="utf-8")
        assert book.load(book.take_over(file, NOW).id).case.answer(S.LOG).text

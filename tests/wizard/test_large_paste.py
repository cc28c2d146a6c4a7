"""A log too large to be read row by row is scanned when it is pasted, with the same answer as when it is opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import wizard.steps.intake
from tests.screens import evidence
from tests.wizard import cases
from wizard.case.case import Case, StepId
from wizard.reading.log import read as logs
from wizard.reading.log.files import Progress
from wizard.reading.log.sessions import occurrences
from wizard.steps.intake import open_path, open_session, take

ROW = "2026-11-20T08:00:00.000Z,Internet,0AB1C2D3E4F50000,0,,198.51.100.7:25,*,,attempting to connect\n"
LOG = evidence.log(evidence.OURS) + ROW * 200


@pytest.fixture(autouse=True)
def _all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "WHOLE_BYTES", 1_000)
    monkeypatch.setattr(wizard.steps.intake, "WHOLE_BYTES", 1_000)
    monkeypatch.setattr(wizard.steps.intake, "MOST_BYTES", 1_000)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("step", [StepId.LOG, StepId.SESSION])
def test_it_says_what_the_file_says(tmp_path: Path, step: StepId, ends: str) -> None:
    (tmp_path / "paste").write_text(LOG, encoding="utf-8", newline="\n")
    opened = open_path(Case(), step, tmp_path / "paste").case
    pasted = take(Case(), step, LOG.replace("\n", ends), "paste")
    assert pasted.accepted
    one, other = (
        (opened.now.log, pasted.case.now.log)
        if step is StepId.LOG
        else (opened.now.log_after, pasted.case.now.log_after)
    )
    assert one
    assert other
    assert other.scanned_bytes
    assert replace(other, scanned_bytes=one.scanned_bytes, occurrences=None) == replace(one, occurrences=None)


def test_it_tells_how_far_it_is_and_stops_when_told_to() -> None:
    told: list[Progress] = []
    taken = take(Case(), StepId.LOG, LOG, progress=told.append, cancelled=lambda: False)
    assert taken.case.now.thumbprint == evidence.OURS
    assert told[-1].done_bytes == told[-1].total_bytes == len(LOG)


def test_given_elsewhere_it_goes_to_its_step_and_is_kept_there() -> None:
    taken = take(Case(), StepId.SYMPTOM, LOG)
    assert taken.at is StepId.LOG
    assert taken.case.answer(StepId.LOG).text == LOG
    assert taken.said[0].id == "taken-elsewhere"
    again = take(taken.case, StepId.SYMPTOM, LOG)
    assert not again.accepted
    assert again.said[0].id == "stays"


def test_what_is_no_log_is_read_whole() -> None:
    taken = take(cases.knowing(Case(), thumbprint=evidence.OURS), StepId.SERVICES, evidence.certificate() * 10)
    assert taken.case.now.certificates


def test_the_rows_of_its_sessions_can_be_opened() -> None:
    case = take(Case(), StepId.LOG, LOG).case
    assert case.now.log
    found = occurrences(case.now.log)
    rows = open_session(case, StepId.LOG, found[0], lambda: False)
    assert not isinstance(rows, str)
    assert [line.number for line in rows.lines] == list(range(3, 11))

"""Logs of any size: what is scanned says the same as what is read whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.reading.test_filter import corpus
from wizard.case.case import Case, StepId
from wizard.diagnosis import diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.facts import LogReading
from wizard.reading.log import read as logs
from wizard.reading.log.files import log_files
from wizard.reading.log.read import read_logs
from wizard.reading.log.rows import LogNotes
from wizard.steps.flow import step
from wizard.steps.intake import open_path


@pytest.fixture
def scanning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is small enough to be read whole."""
    monkeypatch.setattr(logs, "WHOLE_BYTES", 0)


def read(path: Path, connector: str = "", since: str = "") -> LogReading:
    notes = LogNotes()
    return read_logs(log_files(path, notes), notes, connector=connector, since=since)


def write(folder: Path, *sessions: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SEND20261122-1.log").write_text("".join(sessions), encoding="utf-8")
    return folder


OTHERS = cases.working(connector="Internet", number=9)


def test_a_few_logs_are_read_whole(tmp_path: Path) -> None:
    log = read(write(tmp_path, cases.failing(), cases.working()))
    assert (log.sessions, log.scanned_bytes, log.counted) == (2, 0, None)


@pytest.mark.usefixtures("scanning")
class TestLargeLogs:
    def test_failures_are_counted_and_successes_looked_for(self, tmp_path: Path) -> None:
        log = read(write(tmp_path, cases.failing(), cases.failing(number=2), OTHERS, cases.working()))
        (group,) = log.counted or ()
        assert (group.sessions, len(group.handshakes)) == (2, 1)
        assert log.scanned_bytes
        assert {(h.connector, h.error) for h in log.handshakes} == {
            (cases.CONNECTOR, "UnknownCredentials"),
            (cases.CONNECTOR, None),
            ("Internet", None),
        }
        assert set(log.connectors) == {cases.CONNECTOR, "Internet"}

    def test_connections_that_failed_are_counted_where_nothing_else_is_found(self, tmp_path: Path) -> None:
        unconnected = cases.session(
            [("*", "", "Failed to connect. Winsock error code: 10060, Win32 error code: 10060")]
        )
        assert read(write(tmp_path / "a", unconnected)).connection_failures == 1
        assert read(write(tmp_path / "b", unconnected, cases.failing())).connection_failures == 0

    def test_on_screen_it_is_said_in_bytes(self, tmp_path: Path) -> None:
        taken = open_path(Case(), StepId.LOG, write(tmp_path, cases.failing(), cases.failing(number=2)))
        said = step(StepId.LOG).findings(taken.case)[0].text
        size = (tmp_path / "SEND20261122-1.log").stat().st_size
        assert said == f"Looked through {size / 1000:.1f} KB in 1 file: 2 sessions with a failed handshake."
        assert taken.case.now.thumbprint == cases.OURS

    def test_a_folder_without_a_row_says_so(self, tmp_path: Path) -> None:
        taken = open_path(Case(), StepId.LOG, write(tmp_path, "#Software: Microsoft Exchange Server\n" * 3))
        assert not taken.accepted
        assert taken.said[0].id == "no-rows"

    def test_the_proof_finds_the_new_session(self, tmp_path: Path) -> None:
        case = open_path(Case(connector=cases.CONNECTOR), StepId.LOG, write(tmp_path / "before", cases.failing())).case
        later = write(tmp_path / "after", cases.failing(), OTHERS, cases.working())
        ids = {f.id for f in step(StepId.SESSION).findings(open_path(case, StepId.SESSION, later).case)}
        assert "session-proven" in ids
        again = write(
            tmp_path / "again", cases.failing(), cases.working(), cases.failing(at="2026-11-22T02:50:00.000Z")
        )
        found = step(StepId.SESSION).findings(open_path(case, StepId.SESSION, again).case)
        assert "failing-again" in {f.id for f in found}


@pytest.mark.quick(1)
@pytest.mark.parametrize("part", range(4))
def test_a_diagnosis_is_the_same_however_the_logs_were_read(
    tmp_path: Path, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(part * 25, part * 25 + 25):
        folder = tmp_path / str(seed)
        corpus(random.Random(seed), folder)
        answers = []
        for whole in (logs.WHOLE_BYTES, 0):
            with monkeypatch.context() as patch:
                patch.setattr(logs, "WHOLE_BYTES", whole)
                answers.append(as_data(diagnose([folder], Case())))
        one, other = answers
        assert [(v["id"], v["connector"], v["thumbprint"]) for v in one["verdicts"]] == [
            (v["id"], v["connector"], v["thumbprint"]) for v in other["verdicts"]
        ], seed
        for what in ("handshakes", "commands", "checks"):
            assert one[what] == other[what], seed


def test_two_folders_with_the_same_names_in_them_are_two_services(tmp_path: Path) -> None:
    """What works on one server proves nothing for another, also where the folders are given one by one."""
    failed = write(tmp_path / "EX01", cases.failing())
    works = write(tmp_path / "EX02", cases.working())
    together = as_data(diagnose([failed, works], Case()))
    assert together["verdict"]["id"] == "kb4051498"
    assert {Path(line["file"]).parent.name for line in together["verdict"]["because"]} == {"EX01"}
    one = write(tmp_path / "one", cases.failing(), cases.working())
    assert as_data(diagnose([one], Case()))["verdict"]["id"] != "kb4051498"

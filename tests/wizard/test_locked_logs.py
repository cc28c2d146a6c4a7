"""A folder of which a log could not be read is never called healthy, and nothing is proven by it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.case.case import Case, StepId
from wizard.diagnosis import diagnose
from wizard.reading.log import read as reading
from wizard.steps import intake
from wizard.steps.flow import step
from wizard.steps.intake import open_path
from wizard.steps.log import healthy, healthy_servers
from wizard.steps.parts import Standing
from wizard.steps.session import session_proof

FAILED = cases.failing(at="2026-11-22T02:14:07.000Z")
WORKED = cases.working(at="2026-11-22T04:00:00.000Z")
AGAIN = cases.failing(at="2026-11-22T05:00:00.000Z", number=3)

FOLDERS = {"nothing but good": (WORKED, AGAIN), "over": (FAILED, WORKED, AGAIN)}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """No one else can open the file: on Windows it is open here for this program alone, elsewhere it is as if."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        create = ctypes.windll.kernel32.CreateFileW
        create.restype = ctypes.c_void_p
        handle = create(str(path), 0x80000000, 0, None, 3, 0, None)
        try:
            yield
        finally:
            ctypes.windll.kernel32.CloseHandle(ctypes.c_void_p(handle))
        return
    plain = Path.open

    def refused(self: Path, *arguments: object, **keywords: object) -> object:
        if self.name == path.name:
            raise PermissionError(13, "Permission denied")
        return plain(self, *arguments, **keywords)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", refused)
        yield


def logs(folder: Path, *contents: str) -> Path:
    """A folder of logs; its newest."""
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(contents, start=1):
        newest = folder / f"SEND20261122-{number}.log"
        newest.write_text(content, encoding="utf-8")
    return newest


@pytest.fixture(params=["row by row", "scanned"])
def any_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "scanned":
        monkeypatch.setattr(reading, "WHOLE_BYTES", 0)
        monkeypatch.setattr(intake, "WHOLE_BYTES", 0)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("contents", FOLDERS.values(), ids=FOLDERS)
def test_the_newest_log_is_locked(tmp_path: Path, contents: tuple[str, ...]) -> None:
    newest = logs(tmp_path / "logs", *contents)
    case = cases.named()
    with locked(newest):
        diagnosis = diagnose([newest.parent], Case())
        led = open_path(case, StepId.LOG, newest.parent).case
    answer = cases.answer_text(diagnosis)
    assert diagnosis.verdict.id == "more-evidence"
    assert f"not every file was read to its end: {newest.name}" in answer
    assert "Close the program that has the file open" in answer
    found = step(StepId.LOG).findings(led)
    assert not {"healthy", "recovered"} & cases.ids(found)
    assert newest.name in cases.finding(found, "missed").text
    assert not healthy(led)
    newest.unlink()
    assert diagnose([newest.parent], Case()).verdict.id == "healthy"


@pytest.mark.usefixtures("any_size")
def test_files_named_one_by_one(tmp_path: Path) -> None:
    newest = logs(tmp_path, WORKED, AGAIN)
    with locked(newest):
        diagnosis = diagnose(sorted(tmp_path.iterdir()), Case())
    assert (diagnosis.verdict.id, newest.name in cases.answer_text(diagnosis)) == ("more-evidence", True)


def test_a_server_of_which_a_log_is_locked_is_not_left_out(tmp_path: Path) -> None:
    case = cases.with_connector(servers="{EX01, EX02}")
    newest = logs(tmp_path / "EX02", WORKED, AGAIN)
    logs(tmp_path / "EX01", FAILED)
    with locked(newest):
        assert not healthy_servers(open_path(case, StepId.LOG, tmp_path).case)
    newest.unlink()
    assert healthy_servers(open_path(case, StepId.LOG, tmp_path).case) == {"ex02"}


def test_no_session_proves_anything_while_a_newer_log_is_locked(tmp_path: Path) -> None:
    case = cases.answered()
    newest = logs(tmp_path, cases.working(at="2026-11-23T04:00:00.000Z"), AGAIN)
    with locked(newest):
        led = open_path(case, StepId.SESSION, tmp_path).case
    proof = session_proof(led)
    assert (proof.standing, newest.name in proof.because) == (Standing.OPEN, True)
    assert "missed" in cases.ids(step(StepId.SESSION).findings(led))


@pytest.mark.parametrize("cancel_after", [2, 3])
def test_a_reading_that_was_cancelled_says_nothing_of_health(tmp_path: Path, cancel_after: int) -> None:
    newest = logs(tmp_path, WORKED, WORKED, AGAIN)
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 2 * cancel_after

    led = open_path(cases.named(), StepId.LOG, newest.parent, cancelled=cancelled).case
    assert not healthy(led)

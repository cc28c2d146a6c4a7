"""The learner's record: kept whole, shared by windows, never lost to a damaged file."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from tests.wizard.practice.test_result import SHEET
from wizard.practice import result
from wizard.practice.result import Learned, ProgressError, ProgressFolder, record_json, record_page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAMAGED = replace(SHEET, damage=("Something broke.",), seed=2)
FAILED = replace(SHEET, solved=False, seed=3)


def test_what_was_added_is_read_again_the_oldest_first(tmp_path: Path) -> None:
    kept = ProgressFolder(tmp_path / "practice")
    assert kept.read() == Learned()
    kept.add(SHEET)
    assert kept.add(DAMAGED).results == (SHEET, DAMAGED)
    assert ProgressFolder(tmp_path / "practice").read().results == (SHEET, DAMAGED)


def test_reading_before_the_first_result_makes_no_folder(tmp_path: Path) -> None:
    ProgressFolder(tmp_path / "practice").read()
    assert not (tmp_path / "practice").exists()


def test_two_windows_lose_nothing(tmp_path: Path) -> None:
    def add(number: int) -> None:
        ProgressFolder(tmp_path).add(replace(SHEET, seed=number))

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(add, range(12)))
    assert sorted(result.seed for result in ProgressFolder(tmp_path).read().results) == list(range(12))


def test_a_window_that_holds_the_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "WAIT", 0.05)
    with FileLock(tmp_path / "progress.json.lock"), pytest.raises(ProgressError, match="Another window holds"):
        ProgressFolder(tmp_path).add(SHEET)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe{", "not UTF-8"),
        (b"{", "no JSON"),
        (b"[]", "no results"),
        (b'{"results": []}', "no schema"),
        (b'{"schema": 1, "results": [{}]}', "result 1: "),
        (b'{"schema": 1, "results": ' + b"[" * 100_000, "no JSON|recursion"),
    ],
)
def test_a_damaged_file_is_set_aside_and_named_and_the_record_begins_anew(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    kept = ProgressFolder(tmp_path)
    kept.path.write_bytes(content)
    learned = kept.add(SHEET)
    assert learned.results == (SHEET,)
    aside = tmp_path / "progress-damaged.json"
    assert aside.read_bytes() == content
    assert str(aside) in learned.problem
    assert re.search(reason, learned.problem)


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    kept = ProgressFolder(tmp_path)
    for content in (b"one", b"two"):
        kept.path.write_bytes(content)
        kept.read()
    assert sorted(path.read_bytes() for path in tmp_path.glob("progress-damaged*")) == [b"one", b"two"]


def test_what_a_newer_version_wrote_is_left_alone(tmp_path: Path) -> None:
    kept = ProgressFolder(tmp_path)
    content = json.dumps({"schema": 99, "results": [], "more": 1}).encode()
    kept.path.write_bytes(content)
    for ask in (kept.read, lambda: kept.add(SHEET)):
        with pytest.raises(ProgressError, match="newer version"):
            ask()
    assert kept.path.read_bytes() == content


def test_a_save_that_fails_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ProgressFolder(tmp_path)
    kept.add(SHEET)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(result, "write_whole", full)
    with pytest.raises(ProgressError, match="the disk is full"):
        kept.add(DAMAGED)
    assert kept.read().results == (SHEET,)


def test_a_folder_that_nothing_can_be_written_to_is_read_and_a_new_result_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ProgressFolder(tmp_path)
    kept.add(SHEET)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    assert kept.read().results == (SHEET,)
    with pytest.raises(ProgressError, match="cannot be kept in"):
        kept.add(DAMAGED)


def test_a_folder_that_nobody_may_look_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(ProgressError, match="cannot be read"):
        ProgressFolder(tmp_path).read()


def test_the_standing_counts_and_knows_the_best() -> None:
    quick = replace(SHEET, ended=SHEET.started + timedelta(seconds=30), hints=3)
    standing = Learned((FAILED, DAMAGED, quick, SHEET)).standing("small")
    assert (standing.tried, standing.solved, standing.clean, standing.best) == (4, 3, 2, SHEET)
    assert Learned().standing("small").best is None


def test_the_page_for_the_instructor_needs_nothing_else() -> None:
    page = record_page(Learned((SHEET, DAMAGED, FAILED)), "Ada <b>", NOW)
    assert "1 scenario tried, 1 of them solved without damage." in page
    assert "Ada &lt;b&gt;" in page
    assert "<script" not in page
    assert page.count("A small one, 7 min 05 s") == 3
    assert record_page(Learned(), "", NOW).startswith("<!DOCTYPE html>")


def test_the_json_is_the_files_own_shape(tmp_path: Path) -> None:
    kept = ProgressFolder(tmp_path)
    learned = kept.add(SHEET)
    assert kept.path.read_text(encoding="utf-8") == record_json(learned)

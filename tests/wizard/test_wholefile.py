"""What the disk says, in words that lead on."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.case.book import Casebook, CasebookError
from wizard.case.file import Saved
from wizard.machine import files as wholefile
from wizard.machine.files import NotWrittenError, why, write_new

NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_draft: Path, _path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wholefile, "_replace", refuse)


@pytest.mark.usefixtures("full")
def test_only_a_case_is_saved_again_by_itself(tmp_path: Path) -> None:
    book = Casebook(tmp_path)
    with pytest.raises(CasebookError, match=r"disk is full. Free some space. It is tried again with the next answer"):
        book.save(Saved(book.new_id(NOW), cases.named()))
    with pytest.raises(NotWrittenError, match=r"disk is full. Free some space.$"):
        write_new(tmp_path / "record.md", "text")
    assert [each for each in tmp_path.iterdir() if each.is_file()] == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError) as refused:
        write_new(tmp_path / "gone" / "record.md", "text")
    gone = tmp_path / "gone"
    assert str(refused.value) == f"{gone / 'record.md'} could not be written: there is no folder {gone}."


def test_a_file_that_is_open_elsewhere_on_windows_is_no_missing_permission() -> None:
    error = PermissionError(errno.EACCES, "Permission denied")
    assert why(error).startswith("this user may not do that there")
    error.winerror = 32  # type: ignore[misc, attr-defined, unused-ignore]
    assert why(error) == "another program has the file open. Close it there."


def test_a_name_that_cannot_be_is_called_so() -> None:
    assert why(OSError(errno.EINVAL, "Invalid argument")).startswith("a file cannot have that name there.")


@pytest.mark.parametrize("where", ["", ".", "sub/.."])
def test_a_file_for_a_folder_goes_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    written = write_new(Path(where), "text", "case.json")
    assert written.resolve() == tmp_path / "case.json"
    assert write_new(Path(where), "text", "case.json").name == "case-2.json"


class TestOnWindows:
    @pytest.fixture(autouse=True)
    def _there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wholefile, "WINDOWS", True)

    @pytest.mark.parametrize("name", ["record.md", "summary.TXT", "page.html"])
    def test_a_text_for_people_has_the_line_ends_and_the_mark_of_old_notepads(self, tmp_path: Path, name: str) -> None:
        assert write_new(tmp_path / name, "K\u00f6ln\n2\n").read_bytes() == b"\xef\xbb\xbfK\xc3\xb6ln\r\n2\r\n"

    def test_a_file_for_programs_has_neither(self, tmp_path: Path) -> None:
        assert write_new(tmp_path / "case.json", "{}\n").read_bytes() == b"{}\n"

    @pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
    def test_a_file_that_another_program_holds_may_be_the_reason(self, number: int) -> None:
        assert "another program has the file open" in why(OSError(number, "Permission denied"))

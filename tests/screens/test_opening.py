"""Opening a file or a folder: by typing, pasting or walking; what cannot be opened says why."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from textual.widgets import OptionList

import screens.openfile
from screens.openfile import find, list_folder
from screens.paths import path_from
from tests.screens import evidence
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, named, our_case
from wizard.case import StepId


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with a log in it, a folder in it, and a file that is no log."""
    folder = tmp_path / "Smtp Send"
    folder.mkdir()
    (folder / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
    (folder / "older").mkdir()
    (folder / "older" / "SEND20261119-1.log").write_text(evidence.log(evidence.ANOTHER), encoding="utf-8")
    return folder


async def give(person: Driven, path: str) -> None:
    await person.press("f5")
    await person.paste(path)
    await person.press("enter")


def why_not(person: Driven) -> str:
    return str(person.app.screen.query_one("#why-not").render())


def entries(person: Driven) -> list[str]:
    return [str(option.prompt) for option in person.app.screen.query_one("#entries", OptionList).options]


@pytest.mark.parametrize("quotes", ["{}", '"{}"', "'{}'", "\u201c{}\u201d", '  "{}"  '])
async def test_a_path_copied_from_explorer_is_understood(logs: Path, quotes: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, quotes.format(logs / "SEND20261120-1.log"))
        assert person.case.thumbprint == evidence.OURS
        assert "read from SEND20261120-1.log, line" in person.text
        assert "Read from" in person.frame


async def test_a_whole_folder_is_read_with_what_lies_below_it(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, str(logs))
        assert {c.thumbprint for c in person.case.candidates} == {evidence.OURS, evidence.ANOTHER}


async def test_f5_again_takes_the_folder_that_is_listed(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs / "older")
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "f5")
        assert person.case.thumbprint == evidence.ANOTHER


async def test_one_can_walk_with_the_arrow_keys(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "tab")
        assert entries(person) == ["..", "older/", "SEND20261120-1.log"]
        await person.press("down", "enter")
        assert entries(person) == ["..", "SEND20261119-1.log"]
        await person.press("enter")
        assert entries(person) == ["..", "older/", "SEND20261120-1.log"]
        await person.press("end", "enter")
        assert person.case.thumbprint == evidence.OURS


async def test_a_relative_path_is_meant_where_one_stands(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "tab", "down", "enter", "shift+tab")
        await person.paste("SEND20261119-1.log")
        await person.press("enter")
        assert person.case.thumbprint == evidence.ANOTHER


@pytest.mark.parametrize("key", ["f4", "ctrl+v"])
async def test_the_path_may_be_on_the_clipboard(logs: Path, key: str) -> None:
    board = MemoryClipboard(f'"{logs}"\r\n')
    async with driven(our_case(StepId.LOG), StepId.LOG, clipboard=board) as person:
        await person.press("f5", key, "enter")
        assert len(person.case.candidates) == 2


async def test_a_clipboard_that_cannot_be_read_is_told_in_the_dialog() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG, clipboard=MemoryClipboard(trouble="No display.")) as person:
        await person.press("f5", "f4")
        assert why_not(person) == "No display."


@pytest.mark.parametrize("written", ["/not/there", "C:\\not\\there", "~nobody-of-this-name/x", "a\x00b", "x" * 5000])
async def test_a_path_that_is_not_there_says_so_and_can_be_mended(written: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, written)
        assert person.dialog == "OpenDialog"
        assert why_not(person).startswith("There is no ") or "cannot be opened" in why_not(person)
        await person.press("escape")
        assert person.at is StepId.LOG


async def test_a_folder_that_may_not_be_listed_says_why(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(logs)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "tab", "down")
        monkeypatch.setattr("screens.openfile.os.scandir", refused)
        await person.press("enter")
        assert why_not(person) == f"{logs / 'older'} cannot be opened: Permission denied."


async def test_a_folder_is_no_answer_where_a_file_is_needed(logs: Path) -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        await person.press("f5")
        assert "whole folder" not in person.text
        await person.press("f5")
        assert person.dialog == "OpenDialog"
        await person.paste(str(logs))
        await person.press("enter")
        assert person.dialog == "OpenDialog"
        assert "SEND20261120-1.log" in entries(person)


async def test_a_saved_output_is_read_as_if_it_were_pasted(tmp_path: Path) -> None:
    """Windows PowerShell writes UTF-16 with a byte order mark."""
    saved = tmp_path / "certificate.txt"
    saved.write_text(evidence.certificate().replace("\n", "\r\n"), encoding="utf-16")
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        await give(person, str(saved))
        assert "Services now: IIS, POP." in person.said
        await person.press("escape", "f8")
        assert f"Read from {saved}"[:40] in person.frame


async def test_a_file_takes_the_place_of_what_was_pasted_and_the_next_paste_the_files(logs: Path) -> None:
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(evidence.log(evidence.ANOTHER))
        await give(person, str(logs / "SEND20261120-1.log"))
        assert person.pasted == ""
        assert "Read from" in person.frame
        assert person.case.thumbprint == evidence.OURS
        await person.paste(evidence.log(evidence.ANOTHER))
        assert "Read from" not in person.frame
        assert person.case.thumbprint == evidence.ANOTHER


@pytest.mark.parametrize("content", [b"\x30\x82\x0a\x01\x02\x03\x00\x00" * 40, b"", b"Guten Tag"])
async def test_a_file_of_no_use_says_why_and_what_was_pasted_stays(tmp_path: Path, content: bytes) -> None:
    useless = tmp_path / "certificate.pfx"
    useless.write_bytes(content)
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(evidence.log(evidence.OURS))
        await give(person, str(useless))
        assert person.status.startswith("Not taken: ")
        assert person.pasted == evidence.log(evidence.OURS)
        assert person.case.thumbprint == evidence.OURS
        assert not person.case.opened_paths.get(StepId.LOG)


async def test_a_file_that_belongs_elsewhere_is_taken_there(tmp_path: Path) -> None:
    saved = tmp_path / "connectors.txt"
    saved.write_text(evidence.connectors("Partner"), encoding="utf-8")
    async with driven(empty(), StepId.LOG) as person:
        await give(person, str(saved))
        assert person.case.connector == "Partner"
        assert person.case.opened_paths[StepId.CONNECTOR] == str(saved)
        assert person.status == "Taken for another step: Which Send connector?"


async def test_the_dialog_begins_where_the_log_lies_or_was_opened_before(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, str(logs / "SEND20261120-1.log"))
        await person.press("f5")
        assert entries(person) == ["..", "older/", "SEND20261120-1.log"]


async def test_a_folder_with_very_many_files_says_how_many_are_not_listed(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens.openfile, "MOST_ENTRIES", 1)
    monkeypatch.chdir(logs)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        assert entries(person) == ["..", "older/"]
        assert why_not(person) == "And 1 more that are not listed: type the path."


async def test_nothing_given_opens_nothing() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "enter")
        assert person.dialog == "OpenDialog"


def test_files_stand_in_the_order_a_person_expects(tmp_path: Path) -> None:
    for name in ("SEND20261120-10.log", "SEND20261120-9.log", "SEND20261120-1.log"):
        (tmp_path / name).touch()
    (tmp_path / "zz").mkdir()
    listing = list_folder(tmp_path)
    assert listing.names == ("zz", "SEND20261120-1.log", "SEND20261120-9.log", "SEND20261120-10.log")
    assert listing.folders == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may do everything")
def test_a_path_behind_a_closed_folder_says_so(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert "Permission denied" in str(find(closed / "x"))


def test_a_home_that_is_not_known_is_a_plain_name() -> None:
    assert path_from("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")

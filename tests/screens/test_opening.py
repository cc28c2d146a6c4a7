"""Opening a file or a folder: by typing, pasting or walking; what cannot be opened says why."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from textual.widgets import OptionList

import screens.app.openfile
from screens.app.openfile import PathInput, find, list_folder
from screens.paths import named_paths, path_from, path_in, without_swallowed
from tests.screens import evidence
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, named, our_case
from wizard.case.case import StepId

pytestmark = pytest.mark.long


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


async def give_keys(person: Driven, text: str) -> None:
    """Typed by hand."""
    for character in text:
        person.app.screen.query_one(PathInput).insert_text_at_cursor(character)
    await person.settle()


def path_value(person: Driven) -> str:
    return person.app.screen.query_one(PathInput).value


def path_shown(person: Driven) -> str:
    """The path with its completion behind it."""
    return person.app.screen.query_one(PathInput)._suggestion


@pytest.mark.parametrize("quotes", ["{}", '"{}"', "'{}'", "\u201c{}\u201d", '  "{}"  '])
async def test_a_path_copied_from_explorer_is_understood(logs: Path, quotes: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, quotes.format(logs / "SEND20261120-1.log"))
        assert person.case.now.thumbprint == evidence.OURS
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
        assert person.case.now.thumbprint == evidence.ANOTHER


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
        assert person.case.now.thumbprint == evidence.OURS


async def test_above_a_drive_of_windows_stand_all_drives(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(logs.anchor)
    monkeypatch.chdir(root)
    monkeypatch.setattr(screens.app.openfile, "drives", lambda: (f"{root}", f"{logs}{os.sep}"))
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "tab", "enter")
        assert entries(person) == ["..", f"{str(root).removesuffix(os.sep)}/", f"{logs}/"]
        await person.press("end", "enter")
        assert entries(person) == ["..", "older/", "SEND20261120-1.log"]


async def test_a_relative_path_is_meant_where_one_stands(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5", "tab", "down", "enter", "shift+tab")
        await person.paste("SEND20261119-1.log")
        await person.press("enter")
        assert person.case.now.thumbprint == evidence.ANOTHER


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
        monkeypatch.setattr("screens.app.openfile.os.scandir", refused)
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
        assert person.case.now.thumbprint == evidence.OURS
        await person.paste(evidence.log(evidence.ANOTHER))
        assert "Read from" not in person.frame
        assert person.case.now.thumbprint == evidence.ANOTHER


@pytest.mark.parametrize("content", [b"\x30\x82\x0a\x01\x02\x03\x00\x00" * 40, b"", b"Guten Tag"])
async def test_a_file_of_no_use_says_why_and_what_was_pasted_stays(tmp_path: Path, content: bytes) -> None:
    useless = tmp_path / "certificate.pfx"
    useless.write_bytes(content)
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(evidence.log(evidence.OURS))
        await give(person, str(useless))
        assert person.status.startswith("Not taken: " if content else "Nothing was taken: ")
        assert person.pasted == evidence.log(evidence.OURS)
        assert person.case.now.thumbprint == evidence.OURS
        assert not person.case.answer(StepId.LOG).path


async def test_a_file_that_belongs_elsewhere_is_taken_there(tmp_path: Path) -> None:
    saved = tmp_path / "connectors.txt"
    saved.write_text(evidence.connectors("Partner"), encoding="utf-8")
    async with driven(empty(), StepId.LOG) as person:
        await give(person, str(saved))
        assert person.case.connector == "Partner"
        assert person.case.answer(StepId.CONNECTOR).path == str(saved)
        assert person.status == "Taken for another step: Which Send connector?"


async def test_the_dialog_begins_where_the_log_lies_or_was_opened_before(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await give(person, str(logs / "SEND20261120-1.log"))
        await person.press("f5")
        assert entries(person) == ["..", "older/", "SEND20261120-1.log"]


async def test_a_folder_with_very_many_files_says_how_many_are_not_listed(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens.app.openfile, "MOST_ENTRIES", 1)
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


def test_a_path_that_was_dropped_is_read_as_the_terminal_wrote_it() -> None:
    assert path_from("file:///tmp/Smtp%20Send/a.log") == Path("/tmp/Smtp Send/a.log")
    assert path_from("file://localhost/tmp/a.log") == Path("/tmp/a.log")
    if sys.platform != "win32":
        assert path_from("/tmp/Smtp\\ Send/a\\(1\\).log") == Path("/tmp/Smtp Send/a(1).log")
        assert path_from("'/tmp/a\\b.log'") == Path("/tmp/a\\b.log")


@pytest.mark.parametrize(
    "text",
    ["C:\\Logs\\a.log", '"C:\\Logs\\a b.log"', "\\\\EX01\\D$\\a.log", "/var/a.log", "~/a.log", "file:///a", " /a \n"],
)
def test_one_line_that_begins_as_paths_do_is_one(text: str) -> None:
    assert path_in(text)


@pytest.mark.parametrize("text", ["", "Outbound", "451 4.4.0 x", "/a\n/b", "#Software: x", "/" * 2000, "[PS] C:\\>"])
def test_what_begins_otherwise_or_goes_on_is_none(text: str) -> None:
    assert path_in(text) is None


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_a_path_is_completed_while_it_is_typed(logs: Path, key: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await give_keys(person, f"{logs.parent}{os.sep}Sm")
        await person.until(lambda: f"Smtp Send{os.sep}" in path_shown(person))
        await person.press(key)
        assert path_value(person) == f"{logs}{os.sep}"
        await give_keys(person, "SE")
        await person.until(lambda: "SEND20261120-1.log" in path_shown(person))
        await person.press(key, "enter")
        assert person.case.now.thumbprint == evidence.OURS


async def test_a_path_that_comes_all_at_once_takes_the_place_of_the_one_before(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await give_keys(person, str(logs))
        await person.press("enter")
        assert person.case.answer(StepId.LOG).path == str(logs)
        await person.press("f5")
        assert path_value(person) == str(logs)
        person.type_at_once(f"{logs}{os.sep}")
        await person.settle()
        person.type_at_once("SEND")
        await person.settle()
        assert path_value(person) == f"{logs}{os.sep}SEND"


async def test_tab_moves_on_where_nothing_can_be_completed(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await give_keys(person, f"{logs}{os.sep}xyz")
        await person.press("tab")
        assert person.focus == "entries"


async def test_a_server_that_is_gone_holds_up_neither_typing_nor_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at a share of a server that is gone can take half a minute; each key must not begin another look."""
    looks: list[Path] = []
    gone = threading.Event()

    def waiting(folder: Path) -> tuple[str, ...]:
        looks.append(folder)
        gone.wait(20)
        return ()

    monkeypatch.setattr("screens.app.openfile._entries", waiting)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        path = person.app.screen.query_one(PathInput)
        path.value = ""
        for character in "/gone/share":
            path.insert_text_at_cursor(character)
            await person.pilot.pause()
        assert path.value == "/gone/share"
        assert len(looks) == 1
    gone.set()


async def test_evidence_pasted_where_the_path_belongs_goes_to_the_step() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await person.paste(evidence.log(evidence.OURS))
        assert person.at is StepId.LOG
        assert person.case.now.thumbprint == evidence.OURS


async def test_of_several_lines_that_are_none_the_first_is_taken_and_that_is_said(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await person.paste(f"{logs}\n{logs}\n")
        assert path_value(person) == str(logs)
        assert why_not(person) == "Several lines were pasted: only the first is taken as the path."


async def test_a_path_typed_by_an_old_console_with_its_line_end_is_not_entered(logs: Path) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f5")
        await person.old_paste(f"{logs}\n")
        assert person.dialog == "OpenDialog"
        assert path_value(person) == str(logs)
        assert why_not(person) == "Pasted. Press Enter to open it."
        await person.press("enter")
        assert person.case.candidates


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (['C:\\Exch Logs" --json'], ["C:\\Exch Logs", "--json"]),
        (['\\\\EX01\\logs" "D:\\more logs" --server EX01'], ["\\\\EX01\\logs", "D:\\more logs", "--server", "EX01"]),
        (["C:\\logs", "--json"], ["C:\\logs", "--json"]),
        (["--connector", 'The "new" one'], ["--connector", 'The "new" one']),
    ],
)
def test_what_a_closing_backslash_swallowed_is_given_back(given: list[str], meant: list[str]) -> None:
    assert without_swallowed(given) == meant


def test_a_pattern_is_expanded_where_the_shell_did_not(tmp_path: Path) -> None:
    for name in ("b.log", "a.log", "c.txt", "odd[1].log"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in named_paths(str(tmp_path / "?.log"))] == ["a.log", "b.log"]
    assert [path.name for path in named_paths(str(tmp_path / "odd[1].log"))] == ["odd[1].log"]
    assert named_paths(str(tmp_path / "*.csv")) == (tmp_path / "*.csv",)

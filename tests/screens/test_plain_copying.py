"""Line by line, a copy takes the same ways, and what is to be done by hand stands on a line of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from screens.copies import PlainCopier, request
from screens.plain.wizard import PlainWizard
from tests.screens.driving import MemoryClipboard
from tests.screens.test_plain import Script
from wizard.case.case import Case, StepId
from wizard.machine.clipboard import SENT
from wizard.machine.copying import TerminalSession
from wizard.machine.settings import CopyRoute, Settings
from wizard.steps.flow import step

LINE = step(StepId.SYMPTOM).commands(Case())[0].text
DESKTOP = TerminalSession("linux", {"TERM": "xterm-256color"})
OVER_SSH = TerminalSession("linux", {"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/3"})
PROVEN = "Copied, and read back: this computer's clipboard holds exactly this text."


def copied(
    folder: Path, session: TerminalSession, choice: CopyRoute = CopyRoute.AUTO, trouble: str = ""
) -> tuple[list[str], list[str], str]:
    """What is printed, what is written to the terminal itself, and what the clipboard holds after a copy."""
    board = MemoryClipboard(trouble=trouble)
    written: list[str] = []
    copier = PlainCopier(
        board, Settings(copy=choice), session, written.append, folder, lambda: datetime(2026, 11, 22, 3, 5, 7)
    )
    return list(copier(LINE)), written, board.text


def test_at_a_desktop_it_is_proven(tmp_path: Path) -> None:
    assert copied(tmp_path, DESKTOP) == ([PROVEN], [], LINE)


def test_over_ssh_it_is_sent_and_the_line_that_stands_above_is_named(tmp_path: Path) -> None:
    said, written, held = copied(tmp_path, OVER_SSH)

    assert said == [SENT, "If nothing comes, mark the line where it stands above."]
    assert written == [request(LINE, OVER_SSH.environment)]
    assert held == ""


def test_by_hand_the_line_stands_alone_and_is_saved(tmp_path: Path) -> None:
    said, written, held = copied(tmp_path, DESKTOP, CopyRoute.HAND)

    assert said[0] == "By hand, as your settings ask."
    assert f"\n{LINE}\n" in said
    assert (written, held) == ([], "")
    assert said[-1] == f"It is in this file as well: {next(tmp_path.iterdir())}"
    assert next(tmp_path.iterdir()).read_text(encoding="utf-8") == LINE


def test_where_the_clipboard_fails_on_a_dumb_terminal_why_is_said(tmp_path: Path) -> None:
    said, written, _held = copied(
        tmp_path, TerminalSession("linux", {"TERM": "dumb"}), trouble="This session has no display."
    )

    assert said[0] == "Could not copy. This session has no display."
    assert f"\n{LINE}\n" in said
    assert written == []


def test_where_the_home_folder_takes_no_file_another_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said, _written, _held = copied(tmp_path / "gone", DESKTOP, CopyRoute.HAND)

    assert said[-1] == f"It is in this file as well: {next(tmp_path.iterdir())}"


def test_a_file_that_cannot_be_saved_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    said, _written, _held = copied(tmp_path / "gone", DESKTOP, CopyRoute.HAND)

    assert said[-1] == "It could not be saved to a file as well."


def test_the_wizard_prints_what_the_copier_says(tmp_path: Path) -> None:
    said: list[str] = []
    copier = PlainCopier(MemoryClipboard(), Settings(copy=CopyRoute.HAND), DESKTOP, save_into=tmp_path)
    PlainWizard(Case(), Script("c", "q"), said.append, MemoryClipboard(), copier).run()

    assert "By hand, as your settings ask." in said
    assert f"\n{LINE}\n" in said

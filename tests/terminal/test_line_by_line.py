"""Line by line in a real terminal: with an editor for the answers, on one that cannot draw, and in a small window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.screens import evidence
from tests.terminal.test_journey import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.usefixtures("tmux_is_there")]

SAMPLE_BIND = (
    "Enable-ExchangeCertificate -Thumbprint '9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C' -Services SMTP,IIS,POP "
    "-Server 'EX01'"
)

ON_EACH_SERVER = ("n", "n", "1", "n", "n", "n", "n")
SAMPLE_ANSWERS = ("n", "1", "n", "1", "n", "n", *ON_EACH_SERVER, "1", *ON_EACH_SERVER, "n", "n")


def opened(terminals: list[Terminal], *arguments: str, columns: int = 80, lines: int = 60, **inside: str) -> Terminal:
    terminal = Terminal(*arguments, columns=columns, lines=lines, inside=inside)
    terminals.append(terminal)
    return terminal


def said(terminal: Terminal, text: str) -> None:
    """Wait until the text was written, be it above the window by now."""
    terminal.until(lambda: "".join(text.split()) in "".join(terminal.scrollback.split()), repr(text))


def asked(terminal: Terminal) -> None:
    """Wait until a question stands there as the last thing that was written: only then are keys its answer."""
    terminal.until(lambda: terminal.scrollback.rstrip().endswith("\n>"), "the question")


def answer(terminal: Terminal, *answers: str) -> None:
    """Answer each question once it is asked."""
    for each in answers:
        asked(terminal)
        terminal.keys("-l", each)
        terminal.keys("Enter")


def test_the_sample_to_its_end(terminals: list[Terminal], tmp_path: Path) -> None:
    """With questionary: the line of an answer can be edited, and nothing above it is drawn again."""
    terminal = opened(terminals, "--plain", "--sample", HOME=str(tmp_path))
    # A mistyped letter is taken back: that is what the editor is for.
    answer(terminal, "?")
    said(terminal, "q: quits; what is open is printed")
    asked(terminal)
    terminal.keys("-l", "x")
    terminal.keys("BSpace")
    for each in SAMPLE_ANSWERS:
        answer(terminal, each)
    said(terminal, "Done on both servers: all five points are proven or said by you.")
    answer(terminal, "q")
    said(terminal, "EXIT 0")
    written = terminal.scrollback
    assert f"\n{SAMPLE_BIND}\n" in written
    assert "none of the answers" not in written
    assert written.count("Step 1 of 11: What does the queue say?") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_paste_where_a_letter_was_to_come(terminals: list[Terminal], tmp_path: Path) -> None:
    """A modern terminal hands it over whole; an old one as keys, which the editor reads ahead."""
    terminal = opened(terminals, "--plain", HOME=str(tmp_path))
    said(terminal, "?: all answers")
    asked(terminal)
    terminal.paste(evidence.QUEUES)
    terminal.keys("Enter")
    said(terminal, "These are the article's own words")
    answer(terminal, "n")
    said(terminal, "Step 2 of 11")
    said(terminal, "p: paste; n: Next: Turn the protocol log on")
    asked(terminal)
    terminal.paste(evidence.connectors(evidence.CONNECTOR).lstrip(), bracketed=False)
    said(terminal, "first line of a paste")
    said(terminal, "AddressSpaces : {smtp:*;1}")
    # The paste has no line end behind its last line.
    terminal.keys("Enter")
    terminal.keys("-l", ".")
    terminal.keys("Enter")
    said(terminal, f"Send connector: {evidence.CONNECTOR}")
    assert "Only the name is known" not in terminal.scrollback


def test_a_terminal_that_cannot_draw(terminals: list[Terminal], tmp_path: Path) -> None:
    """Not one escape sequence reaches it, and Ctrl+C ends with the summary in a file and on the screen."""
    terminal = opened(terminals, "--sample", HOME=str(tmp_path), TERM="dumb")
    terminal.pipe_to(tmp_path / "written")
    answer(terminal, "n", "1", "n", "1", "n", "n", "n")
    said(terminal, "Step 6 of 12 on EX01: The command that binds it")
    asked(terminal)
    terminal.keys("C-c")
    said(terminal, "EXIT 130")
    (saved,) = tmp_path.glob("exchange-cert-wizard-*.txt")
    assert SAMPLE_BIND in saved.read_text(encoding="utf-8")
    assert f"Ended with Ctrl+C.\nSaved: {saved}\n" in terminal.scrollback
    assert f"\n  {SAMPLE_BIND}\n" in terminal.scrollback
    assert b"\x1b" not in (tmp_path / "written").read_bytes()


def test_a_window_too_small_for_the_full_screen(terminals: list[Terminal], tmp_path: Path) -> None:
    """A command that the terminal had to wrap can still be marked as one line."""
    terminal = opened(terminals, columns=50, lines=15, HOME=str(tmp_path))
    said(terminal, "This window is 50x15 and the full-screen wizard needs 60x18. Go on line by line? [Y/n]")
    terminal.keys("Enter")
    answer(terminal, "n")
    said(terminal, "Step 2 of 11")
    assert "\nGet-Queue | Format-List Identity,Status,MessageCount,NextHopDomain,LastError\n" in terminal.scrollback
    asked(terminal)
    terminal.keys("C-d")
    said(terminal, "EXIT 0")


def test_who_says_n_there_has_the_full_screen(terminals: list[Terminal]) -> None:
    terminal = opened(terminals, columns=50, lines=15)
    said(terminal, "Go on line by line? [Y/n]")
    terminal.keys("-l", "n")
    terminal.keys("Enter")
    said(terminal, "F9 All")
    terminal.keys("C-q")
    said(terminal, "EXIT 0")


def test_ctrl_c_stops_a_long_reading_and_not_the_program(terminals: list[Terminal], tmp_path: Path) -> None:
    """What is read is a pipe that nobody writes to: it would be waited for without end."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such pipe in a folder")
    os.mkfifo(tmp_path / "SEND.log")
    terminal = opened(terminals, "--plain", HOME=str(tmp_path), ACCESSIBLE="1")
    answer(terminal, "n", evidence.CONNECTOR, "n", "n", "o", str(tmp_path / "SEND.log"))
    said(terminal, "SEND.log...")
    terminal.keys("C-c")
    said(terminal, "Stopped. Nothing was taken; what you gave before is kept.")
    answer(terminal, "q")
    said(terminal, "EXIT 0")

"""Which console an environment tells of, and what it is trusted with: one table for each question."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from wizard.machine.console import (
    ASCII_FOR,
    SMALLEST,
    Colours,
    Console,
    Measured,
    Paste,
    is_terminal,
    knows_sequences,
    look,
    with_ascii,
)
from wizard.machine.settings import Glyphs, Settings

UTF8 = {"LANG": "en_US.UTF-8"}


def linux(encoding: str = "utf-8", **environment: str) -> Console:
    return look(UTF8 | {"TERM": "xterm-256color"} | environment, Measured("linux", (80, 24), encoding=encoding))


def windows(code_page: int | None = 437, encoding: str = "utf-8", **environment: str) -> Console:
    return look(environment, Measured("win32", (80, 24), encoding=encoding, code_page=code_page))


@pytest.mark.parametrize(
    ("environment", "program", "within"),
    [
        ({}, "", ()),
        ({"WT_SESSION": "c5d0a7b1"}, "Windows Terminal", ()),
        ({"WT_SESSION": "c5d0a7b1", "WSL_DISTRO_NAME": "Debian"}, "Windows Terminal", ("WSL",)),
        ({"WT_SESSION": "inherited", "TERM_PROGRAM": "vscode"}, "VS Code's terminal", ()),
        ({"TERM_PROGRAM": "Apple_Terminal"}, "macOS Terminal", ()),
        ({"TERM_PROGRAM": "iTerm.app"}, "iTerm2", ()),
        ({"LC_TERMINAL": "iTerm2", "SSH_TTY": "/dev/pts/3"}, "iTerm2", ("SSH",)),
        ({"TERM": "linux"}, "the Linux console", ()),
        ({"TERM_PROGRAM": "SomethingNew"}, "SomethingNew", ()),
        ({"VTE_VERSION": "7600"}, "GNOME Terminal or another of its kind", ()),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM_PROGRAM": "tmux"}, "", ("tmux",)),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "WT_SESSION": "of the first client"}, "", ("tmux",)),
        ({"STY": "2.pts-0.example"}, "", ("GNU screen",)),
        ({"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.8 22"}, "", ("SSH",)),
        ({"TMUX": "x", "SSH_CONNECTION": "192.0.2.7 50000 192.0.2.8 22"}, "", ("tmux", "SSH")),
        ({"container": "podman"}, "", ("a container",)),
        ({"KUBERNETES_SERVICE_HOST": "192.0.2.1"}, "", ("a container",)),
        ({"SSH_CONNECTION": ""}, "", ()),
    ],
)
def test_which_terminal_and_what_stands_between(
    environment: dict[str, str], program: str, within: tuple[str, ...]
) -> None:
    console = linux(**environment)
    assert (console.program, console.within) == (program, within)


def test_the_old_windows_console_gives_no_name() -> None:
    assert windows().program == ""
    assert windows(WT_SESSION="c5d0a7b1").program == "Windows Terminal"


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({}, Colours.MANY),
        ({"TERM": "xterm"}, Colours.SIXTEEN),
        ({"TERM": ""}, Colours.SIXTEEN),
        ({"TERM": "xterm-kitty"}, Colours.MANY),
        ({"COLORTERM": "truecolor"}, Colours.TRUE),
        ({"COLORTERM": "24bit"}, Colours.TRUE),
        ({"COLORTERM": "yes"}, Colours.MANY),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, Colours.NONE),
        # Textual asks whether it is there, not what it is.
        ({"NO_COLOR": ""}, Colours.NONE),
    ],
)
def test_how_many_colours(environment: dict[str, str], colours: Colours) -> None:
    assert linux(**environment).colours is colours


def test_windows_decides_by_itself_how_many_colours() -> None:
    assert windows().colours is Colours.BY_WINDOWS
    assert windows(NO_COLOR="1").colours is Colours.NONE


@pytest.mark.parametrize(
    ("environment", "encoding", "why", "carries"),
    [
        ({}, "utf-8", "", "utf-8"),
        ({}, "UTF8", "", "utf-8"),
        ({"LANG": ""}, "utf-8", "", "utf-8"),
        ({"LANG": "de_DE"}, "utf-8", "", "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8", "", "utf-8"),
        ({"LC_ALL": "C.UTF-8"}, "utf-8", "", "utf-8"),
        ({"LC_ALL": "C"}, "utf-8", "LC_ALL=C does not say UTF-8", "ascii"),
        ({"LANG": "POSIX"}, "utf-8", "LANG=POSIX does not say UTF-8", "ascii"),
        ({"LC_ALL": "", "LC_CTYPE": "C"}, "utf-8", "LC_CTYPE=C does not say UTF-8", "ascii"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1", "output is iso8859-1, not UTF-8", "iso8859-1"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15", "output is iso8859-15, not UTF-8", "iso8859-15"),
        ({"LANG": "de_DE.ISO-8859-1"}, "utf-8", "LANG=de_DE.ISO-8859-1 does not say UTF-8", "ascii"),
        ({}, "ascii", "output is ascii, not UTF-8", "ascii"),
        ({}, "no-such-encoding", "output is ascii, not UTF-8", "ascii"),
        ({"TERM": "linux"}, "utf-8", "TERM is linux", "utf-8"),
        ({"TERM": "vt100"}, "utf-8", "TERM is vt100", "utf-8"),
        ({"TERM": "vt220"}, "utf-8", "TERM is vt220", "utf-8"),
        ({"TERM": "ansi"}, "utf-8", "TERM is ansi", "utf-8"),
        ({"TERM": "vte-256color"}, "utf-8", "", "utf-8"),
        ({"TERM": "screen"}, "utf-8", "", "utf-8"),
    ],
)
def test_whether_lines_and_marks_can_be_drawn(
    environment: dict[str, str], encoding: str, why: str, carries: str
) -> None:
    console = linux(encoding, **environment)
    assert (console.not_unicode, console.carries) == (why, carries)


@pytest.mark.parametrize(
    ("code_page", "why"),
    [
        (437, ""),
        (850, ""),
        (866, ""),
        (65001, ""),
        (None, ""),
        (1252, "code page 1252 has no lines"),
        (1251, "code page 1251 has no lines"),
        (708, "code page 708 has no lines"),
        (932, "code page 932 draws lines two cells wide"),
        (936, "code page 936 draws lines two cells wide"),
    ],
)
def test_the_old_windows_console_draws_what_its_code_page_has(code_page: int | None, why: str) -> None:
    assert windows(code_page).not_unicode == why


def test_a_terminal_that_draws_by_itself_does_not_ask_the_code_page() -> None:
    assert windows(1252, WT_SESSION="c5d0a7b1").not_unicode == ""


def test_python_told_to_write_bytes_to_the_windows_console_is_believed() -> None:
    assert windows(437, "cp437").carries == "cp437"
    assert windows(437, "cp437").not_unicode == "output is cp437, not UTF-8"


def test_output_into_a_file_says_nothing_of_the_windows_console() -> None:
    to_file = Measured("win32", (80, 24), output_is_terminal=False, encoding="cp1252", code_page=437)
    assert look({}, to_file).not_unicode == ""


@pytest.mark.parametrize(
    ("glyphs", "able", "unable"),
    [
        (Glyphs.AUTO, "", "TERM is vt100"),
        (Glyphs.ASCII, "the settings file says so", "the settings file says so"),
        (Glyphs.UNICODE, "", ""),
    ],
)
def test_the_settings_have_the_last_word(glyphs: Glyphs, able: str, unable: str) -> None:
    settings = Settings(glyphs=glyphs)
    assert (linux().why_ascii(settings), linux(TERM="vt100").why_ascii(settings)) == (able, unable)


@pytest.mark.parametrize(
    ("console", "paste"),
    [
        (linux(), Paste.BRACKETED),
        (linux(TERM="rxvt"), Paste.UNKNOWN),
        (linux(TERM="rxvt", TERM_PROGRAM="iTerm.app"), Paste.BRACKETED),
        (linux(TERM="tmux-256color", TMUX="x"), Paste.BRACKETED),
        (linux(TERM="screen", STY="x"), Paste.TYPED),
        (linux(TERM="xterm-256color", STY="x"), Paste.TYPED),
        (linux(TERM="linux"), Paste.TYPED),
        (windows(), Paste.TYPED),
        (windows(WT_SESSION="x"), Paste.BRACKETED),
        (windows(ConEmuPID="7"), Paste.UNKNOWN),
        (windows(SSH_CONNECTION="192.0.2.7 50000 192.0.2.8 22"), Paste.UNKNOWN),
    ],
)
def test_how_a_paste_comes_in(console: Console, paste: Paste) -> None:
    assert console.paste is paste


@pytest.mark.parametrize(
    ("size", "enough"),
    [(SMALLEST, True), ((59, 18), False), ((60, 17), False), ((300, 5), False), (None, False)],
)
def test_the_size_that_is_enough(size: tuple[int, int] | None, enough: bool) -> None:
    console = look(UTF8, Measured("linux", size))
    assert console.large_enough is enough
    assert console.has_terminal is (size is not None)


def test_a_container_is_one_also_where_only_a_file_says_so() -> None:
    assert look(UTF8, Measured("linux", (80, 24), container=True)).within == ("a container",)


@pytest.mark.parametrize("value", ["1", "true"])
def test_who_asks_for_it_goes_line_by_line(value: str) -> None:
    assert linux(ACCESSIBLE=value).line_by_line
    assert not linux(ACCESSIBLE="0").line_by_line


class OldConsole:
    """Windows' console functions; before Windows 10 the mode for control sequences is refused, and NUL has no mode."""

    def __init__(self, *, knows: bool, is_console: bool = True) -> None:
        self.kernel32, self.mode, self._knows, self._is_console = self, 3, knows, is_console

    def GetConsoleMode(self, _handle: int, mode: Any) -> bool:  # noqa: N802 - Windows names it so
        mode._obj.value = self.mode
        return self._is_console

    def SetConsoleMode(self, _handle: int, mode: int) -> bool:  # noqa: N802 - Windows names it so
        if mode & 4 and not self._knows:
            return False
        self.mode = mode
        return True

    def get_osfhandle(self, number: int) -> int:
        return number


@pytest.mark.parametrize("knows", [True, False])
def test_a_console_is_asked_whether_it_knows_control_sequences(monkeypatch: pytest.MonkeyPatch, knows: bool) -> None:
    windows_ = OldConsole(knows=knows)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows_, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", windows_)
    terminal: Any = SimpleNamespace(closed=False, isatty=lambda: True, fileno=lambda: 1)
    assert knows_sequences(terminal) is knows
    assert windows_.mode == 3


def test_nul_is_no_terminal_whatever_windows_says(monkeypatch: pytest.MonkeyPatch) -> None:
    windows_ = OldConsole(knows=False, is_console=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows_, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", windows_)
    nul: Any = SimpleNamespace(closed=False, isatty=lambda: True, fileno=lambda: 1)
    assert not is_terminal(nul)
    assert knows_sequences(nul)


def test_a_console_without_control_sequences_goes_line_by_line() -> None:
    there = look({}, Measured("win32", (80, 24), sequences=False))
    assert "Server 2016" in there.why_lines
    assert not windows().line_by_line


def test_dumb_goes_line_by_line() -> None:
    assert linux(TERM="dumb").line_by_line
    assert not linux().line_by_line


@pytest.mark.parametrize(
    ("text", "carries", "expected"),
    [
        ("\u250c\u2500\u2510", "utf-8", "+-+"),
        ("\u221aSymptom \u25baLog \u00b7Proof", "utf-8", "+Symptom >Log .Proof"),
        ("M\u00fcller \u041c\u0438\u0440", "utf-8", "M\u00fcller \u041c\u0438\u0440"),
        ("M\u00fcller \u041c\u0438\u0440", "iso8859-1", "M\u00fcller ???"),
        ("M\u00fcller", "ascii", "M?ller"),
        ("\u25a1", "ascii", "?"),
    ],
)
def test_ascii_for_our_glyphs_and_what_the_encoding_carries_of_the_rest(text: str, carries: str, expected: str) -> None:
    assert with_ascii(text, carries) == expected


def test_every_stand_in_is_one_ascii_character() -> None:
    assert all(len(each) == 1 and each.isascii() for each in ASCII_FOR.values())


def test_a_character_of_two_cells_leaves_two_behind_and_one_of_none_leaves_none() -> None:
    cells = {"\u4e2d": 2, "\u0301": 0}
    assert with_ascii("a\u4e2de\u0301", "ascii", lambda c: cells.get(c, 1)) == "a??e"

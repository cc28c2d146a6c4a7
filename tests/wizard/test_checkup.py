"""What a checkup says: the rows for a person, the sentences that promise, and the same as data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.machine.checkup import Checkup, ProgramPlace, Trial, Tried, route, rows, will_do
from wizard.machine.checkup import checkup_data as as_data
from wizard.machine.console import Console, Measured, look
from wizard.machine.copying import Route, TerminalSession, routes
from wizard.machine.settings import CopyRoute, Glyphs, Settings, read

HOME = Path("/home/example")


def console(platform: str = "linux", size: tuple[int, int] | None = (80, 24), **environment: str) -> Console:
    usual = {"TERM": "xterm-256color", "LANG": "C.UTF-8"} if platform != "win32" else {}
    return look(usual | environment, Measured(platform, size, code_page=437 if platform == "win32" else None))


def checkup(
    here: Console | None = None,
    settings: Settings | None = None,
    trial: Trial = Trial.PROVEN,
    trouble: str = "",
) -> Checkup:
    return Checkup(
        here or console(),
        settings or Settings(),
        Tried(trial, "What came of the trial."),
        ProgramPlace(HOME / "settings.toml", exists=settings is not None),
        ProgramPlace(HOME / "cases", exists=True, trouble=trouble),
        ProgramPlace(HOME / "reports", exists=False),
        routes(
            (settings or Settings()).copy,
            TerminalSession("win32", {})
            if here and here.is_windows
            else TerminalSession("linux", {"TERM": "xterm-256color"}),
        ),
    )


def said(of: Checkup, word: str) -> str:
    return next(text for label, text in rows(of) if label == word)


def test_all_is_well_in_about_ten_lines() -> None:
    assert rows(checkup(console(WT_SESSION="x"))) == (
        ("Console", "Windows Terminal, as the environment says."),
        ("Size", "80 columns by 24 lines: enough (60 by 18 is needed)."),
        ("Colours", "256: TERM is xterm-256color."),
        ("Glyphs", "Lines and marks can be drawn (Python writes utf-8, LANG=C.UTF-8)."),
        ("Copying", "What came of the trial."),
        ("Pasting", "A paste is to be expected in one piece (bracketed paste)."),
        (
            "Settings",
            f"{HOME / 'settings.toml'} (not there yet): the defaults, copy = auto, glyphs = auto.",
        ),
        ("Cases", f"{HOME / 'cases'}."),
        ("Reports", f"{HOME / 'reports'} (not there yet)."),
        (
            "So",
            "It will draw the full screen. It will draw with Unicode. Commands go to this computer's clipboard.",
        ),
        ("All in all", "Well enough to work."),
    )


@pytest.mark.parametrize(
    ("here", "words"),
    [
        (console(), "TERM is xterm-256color. Which terminal it is cannot be known from here."),
        (console(TERM=""), "TERM is not set. Which terminal it is cannot be known from here."),
        (console(TMUX="x"), "inside tmux. Which terminal is around it cannot be known from here."),
        (console(SSH_TTY="x"), "TERM is xterm-256color, over SSH. Which terminal it is cannot be known from here."),
        (console(TMUX="x", SSH_TTY="x"), "TERM is xterm-256color, inside tmux and SSH. Which"),
        (console(WT_SESSION="x", WSL_DISTRO_NAME="Debian"), "Windows Terminal in WSL, as the environment says."),
        (console(container="podman"), "TERM is xterm-256color, inside a container. Which"),
        (console("win32"), "The old Windows console, or a terminal that gives no name."),
        (console("darwin", TERM_PROGRAM="Apple_Terminal"), "macOS Terminal, as the environment says."),
    ],
)
def test_what_cannot_be_known_is_said_as_such(here: Console, words: str) -> None:
    assert words in said(checkup(here), "Console")


@pytest.mark.parametrize(
    ("here", "settings", "words"),
    [
        (console(TERM="dumb"), Settings(), "It will go line by line, for TERM is dumb. Commands go to this"),
        (console(NO_COLOR="1"), Settings(), "It will draw the full screen, without colour."),
        (console(TERM="vt100"), Settings(), "It will draw with ASCII: TERM is vt100."),
        (console(LC_ALL="C"), Settings(), "It will draw with ASCII: LC_ALL=C does not say UTF-8."),
        (console(), Settings(glyphs=Glyphs.ASCII), "It will draw with ASCII: the settings file says so."),
        (console(TERM="vt100"), Settings(glyphs=Glyphs.UNICODE), "It will draw with Unicode."),
        (console(), Settings(copy=CopyRoute.TERMINAL), "Commands go to your terminal by OSC 52"),
        (console(), Settings(copy=CopyRoute.HAND), "Commands are copied by hand"),
        (console(SSH_TTY="x"), Settings(), "over SSH it is yours where the display is"),
    ],
)
def test_what_the_wizard_will_do(here: Console, settings: Settings, words: str) -> None:
    assert words in " ".join(will_do(checkup(here, settings)))


S, T, H = Route.SYSTEM, Route.TERMINAL, Route.HAND


@pytest.mark.parametrize(
    ("ways", "trial", "way"),
    [
        ((S, T, H), Trial.PROVEN, S),
        ((S, T, H), Trial.NOT_TRIED, S),
        ((S, T, H), Trial.UNREAD, T),
        ((S, T, H), Trial.FAILED, T),
        ((S, H), Trial.FAILED, H),
        ((S,), Trial.FAILED, H),
        ((T, H), Trial.PROVEN, T),
        ((H,), Trial.PROVEN, H),
    ],
)
def test_the_way_a_command_takes(ways: tuple[Route, ...], trial: Trial, way: Route) -> None:
    assert route(ways, trial) is way


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (checkup(console(size=(59, 18))), "The window is too small: make it 60 by 18 or larger, or use --plain."),
        (checkup(console(size=None)), "There is no terminal: run it in one."),
        (checkup(trouble="Permission denied"), f"Cases cannot be saved in {HOME / 'cases'}: Permission denied."),
    ],
)
def test_what_stands_in_the_way_is_said_with_what_to_do(found: Checkup, words: str) -> None:
    assert not found.well
    assert said(found, "All in all") == words


@pytest.mark.parametrize(
    "found",
    [
        checkup(console(size=(20, 5), TERM="dumb")),
        checkup(trial=Trial.FAILED),
        checkup(settings=read({"glyphs": "emoji"})),
        checkup(console("win32")),
    ],
    ids=["small, but line by line", "by hand", "a wrong setting", "the old console"],
)
def test_what_one_can_work_with_all_the_same(found: Checkup) -> None:
    assert found.well


def test_without_a_terminal_nothing_is_promised_but_the_command_that_needs_none() -> None:
    assert will_do(checkup(console(size=None))) == (
        "The wizard cannot open here; 'diagnose' works without a terminal.",
    )


def test_the_settings_in_force_and_what_is_wrong_with_their_file() -> None:
    settings = read({"copy": "hand", "glyphs": "emoji", "keys": {"step.copy": "f12", "step.copyy": "f11"}})
    found = replace(checkup(settings=settings), keys={"step.copy": "f12"})
    assert said(found, "Settings") == f"{HOME / 'settings.toml'}: copy = hand, glyphs = auto, keys step.copy = f12."
    assert any("glyphs is 'emoji'; it can be auto, unicode, ascii" in text for _word, text in rows(found))


def test_as_data_says_the_same_and_none_for_what_is_not_known() -> None:
    found = checkup(console("win32", size=None), Settings(glyphs=Glyphs.ASCII), Trial.UNREAD)
    told = json.loads(json.dumps(as_data(found)))
    assert told["well"] is False
    assert told["troubles"] == list(found.troubles)
    assert told["will"] == list(will_do(found))
    assert told["console"]["program"] is None
    assert told["size"] is None
    assert told["encoding"]["code_page"] == 437
    assert (told["draws_with"], told["copies_by"], told["paste"]) == ("ascii", "hand", "typed")
    assert told["settings"]["glyphs"] == "ascii"
    assert told["places"]["cases"] == {"path": str(HOME / "cases"), "exists": True, "trouble": None}


def test_the_clipboard_is_read_with_the_key_that_is_set() -> None:
    old = checkup(console("win32"))
    assert "F4 reads the clipboard" in said(old, "Pasting")
    assert "Ctrl+K reads the clipboard" in said(replace(old, paste_key="Ctrl+K"), "Pasting")


@pytest.mark.parametrize(
    ("there", "why"), [(console(ACCESSIBLE="1"), "ACCESSIBLE is set"), (console(TERM="dumb"), "TERM is dumb")]
)
def test_line_by_line_it_names_the_answer_and_why(there: Console, why: str) -> None:
    here = checkup(there)
    assert f"It will go line by line, for {why}." in said(here, "So")
    assert "ASCII" not in said(here, "So")
    assert "F4" not in said(here, "Pasting")


def test_windows_keeps_its_capital_letter() -> None:
    assert said(checkup(console("win32")), "Colours") == "As many as this Windows can show."


def test_a_key_that_was_not_taken_is_said() -> None:
    here = replace(checkup(), key_problems=("step.pasta = 'F12' was not taken.",))
    assert ("", "step.pasta = 'F12' was not taken.") in rows(here)
    assert as_data(here)["settings"]["problems"] == list(here.key_problems)  # type: ignore[index]

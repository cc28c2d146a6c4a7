"""The doctor: what it leaves of the clipboard, and what it prints wherever it is run."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from screens.commands import MOST_HELD, TRIES, examine, try_clipboard, write
from tests.screens.driving import MemoryClipboard
from tests.screens.test_cli import run
from wizard.machine.checkup import Trial, rows
from wizard.machine.checkup import checkup_data as as_data
from wizard.machine.clipboard import ClipboardError

HELD = "what the person has copied\r\n"


class Watched(MemoryClipboard):
    """A clipboard that keeps every text it was given. `refused` of them it does not take."""

    def __init__(self, text: str = HELD, refused: frozenset[int] = frozenset()) -> None:
        super().__init__(text)
        self.given: list[str] = []
        self.refused = refused

    def write(self, text: str) -> None:
        self.given.append(text)
        if len(self.given) in self.refused:
            raise ClipboardError("Another program keeps the clipboard to itself.")
        super().write(text)


def no_sleep(_seconds: float) -> None:
    pass


def test_what_was_there_is_there_again() -> None:
    clipboard = Watched()
    tried = try_clipboard(clipboard)
    assert tried.trial is Trial.PROVEN
    assert tried.sentence == ("This computer's clipboard works: copied, and read back. What was there is there again.")
    assert clipboard.text == HELD
    assert len(clipboard.given) == 2


@pytest.mark.parametrize("held", ["", "half a character \ufffd", "x" * (MOST_HELD + 1)], ids=["none", "odd", "huge"])
def test_what_might_not_come_back_is_not_overwritten(held: str) -> None:
    clipboard = Watched(held)
    assert try_clipboard(clipboard).trial is Trial.NOT_TRIED
    assert clipboard.given == []


def test_what_cannot_be_read_is_not_overwritten() -> None:
    clipboard = Watched()
    clipboard.trouble = "No text could be read from the clipboard."
    tried = try_clipboard(clipboard)
    assert tried.trial is Trial.UNREAD
    assert tried.sentence == ("Not tried, so that nothing there is lost. No text could be read from the clipboard.")
    assert clipboard.given == []


def test_a_copy_that_fails_is_told_and_leaves_what_was_there() -> None:
    clipboard = Watched(refused=frozenset({1}))
    tried = try_clipboard(clipboard)
    assert tried.trial is Trial.FAILED
    assert "Nothing was copied." in tried.sentence
    assert tried.sentence.endswith("What was there is there again.")
    assert clipboard.text == HELD


def test_it_is_put_back_in_a_later_try_too() -> None:
    clipboard = Watched(refused=frozenset({2, 3}))
    assert "What was there is there again." in try_clipboard(clipboard, no_sleep).sentence
    assert clipboard.text == HELD


def test_what_cannot_be_put_back_is_said() -> None:
    clipboard = Watched(refused=frozenset(range(2, 2 + TRIES)))
    assert "could not be put back: copy it once more" in try_clipboard(clipboard, no_sleep).sentence


def test_what_another_program_put_there_meanwhile_is_left_alone() -> None:
    class Taken(Watched):
        def write(self, text: str) -> None:
            self.text = "newer"

    clipboard = Taken()
    tried = try_clipboard(clipboard)
    assert tried.trial is Trial.FAILED
    assert "that was left alone" in tried.sentence
    assert clipboard.text == "newer"


def test_ctrl_c_during_the_trial_loses_nothing() -> None:
    class Stopped(Watched):
        def write(self, text: str) -> None:
            super().write(text)
            if len(self.given) == 1:
                raise KeyboardInterrupt

    clipboard = Stopped()
    with pytest.raises(KeyboardInterrupt):
        try_clipboard(clipboard)
    assert clipboard.text == HELD


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The program's own files, in a folder of the test."""
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path))
    return tmp_path


def test_it_makes_no_file_and_no_folder(home: Path) -> None:
    examine(MemoryClipboard(HELD))
    assert list(home.iterdir()) == []


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(home: Path) -> None:
    assert examine(MemoryClipboard(HELD)).cases.trouble == ""


def test_a_file_in_place_of_the_folder_is_in_the_way(home: Path) -> None:
    (home / "cases").write_text("", encoding="utf-8")
    found = examine(MemoryClipboard(HELD))
    assert found.cases.trouble
    assert not found.well


def test_in_a_window_the_lines_are_no_wider_than_it(home: Path) -> None:
    found = examine(MemoryClipboard(HELD))
    measured = replace(found.console.measured, size=(60, 18), output_is_terminal=True)
    out = io.StringIO()
    write(replace(found, console=replace(found.console, measured=measured)), False, out)
    words = [line for line in out.getvalue().splitlines() if str(home) not in line]
    assert max(map(len, words)) < 60


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"TERM": "dumb"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"TERM": "a\x1b[31mb\u202ec"},
        {"TERM": "", "LANG": ""},
    ],
    ids=["usual", "dumb", "ascii", "C", "hostile", "empty"],
)
def test_it_works_into_a_file(home: Path, environment: dict[str, str]) -> None:
    where = str(home / "M\u00fcller")
    done = run("doctor", **{"EXCHANGE_CERT_WIZARD_HOME": where, "DISPLAY": "", "WAYLAND_DISPLAY": ""}, **environment)
    assert done.stderr == ""
    assert done.stdout.startswith("exchange-cert-wizard ")
    assert "Size        Not known: none of the streams is a terminal." in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert done.returncode == 1


def test_json_for_a_script(home: Path) -> None:
    (home / "settings.toml").write_text('glyphs = "ascii"\ncopy = "fax"\n', encoding="utf-8")
    done = run("doctor", "--json", DISPLAY="", WAYLAND_DISPLAY="")
    told = json.loads(done.stdout)
    assert told["draws_with"] == "ascii"
    assert "it can be auto, system, terminal, hand" in told["settings"]["problems"][0]
    assert told["console"]["output_is_terminal"] is False


def test_the_keys_are_those_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path))
    assert examine(Watched()).paste_key == "F4"
    (tmp_path / "settings.toml").write_text('[keys]\n"step.paste" = "F12"\n"step.pasta" = "F11"\n', encoding="utf-8")
    checkup = examine(Watched())
    assert checkup.paste_key == "F12"
    (problem,) = checkup.key_problems
    assert "did you mean step.paste?" in problem


def test_a_key_that_was_not_taken_is_not_among_those_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path))
    written = '[keys]\n"step.copyy" = "F12"\n"step.open" = "a"\n"step.copy" = "F11"\n"practice.names" = "F10"\n'
    (tmp_path / "settings.toml").write_text(written, encoding="utf-8")
    checkup = examine(Watched())
    (settings,) = [said for word, said in rows(checkup) if word == "Settings"]
    assert settings.endswith("keys step.copy = F11, practice.names = F10.")
    assert as_data(checkup)["settings"]["keys"] == {"step.copy": "F11", "practice.names": "F10"}  # type: ignore[index]
    assert [problem.partition(" ")[0] for problem in checkup.key_problems] == ["step.copyy", "step.open"]

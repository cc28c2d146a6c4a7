"""Whatever ends the program, what was given is saved and the terminal is left as it was."""

# What there is only where there are pseudo-terminals is imported once it is known that this is such a place.
# ruff: noqa: E402

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals on Windows", allow_module_level=True)
assert sys.platform != "win32"

import json
import termios

from screens.fault import STOPPED
from tests.screens import evidence
from tests.terminal.under_a_pty import ROOT, UnderAPty

pytestmark = pytest.mark.terminal

MODERN = b"\x1b[?2026;2$y\x1b[?2048;2$y"
"""A terminal that knows synchronized output and tells its size by itself, as today's do."""

SAMPLE_QUEUE = "Identity      : EX01\\3417"

Start = Callable[..., UnderAPty]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[UnderAPty] = []

    def begin(*arguments: str, **how: object) -> UnderAPty:
        started.append(UnderAPty(tmp_path / "home", *arguments, **how))  # type: ignore[arg-type]
        return started[-1]

    yield begin
    for program in started:
        program.put_away()


def typed_in(draft: Path) -> dict[str, str]:
    """The texts of a draft by step; fails when it is not whole."""
    typed = json.loads(draft.read_text(encoding="utf-8"))["typed"]
    return {each["step"]: "\n".join(each["lines"]) for each in typed}


def is_clean(program: UnderAPty) -> bool:
    """Whether nothing is left of the full screen, in what it wrote and in how the terminal takes keys."""
    assert program.left_on == set()
    assert termios.tcgetattr(program.slave) == program.attributes
    assert b"Traceback" not in program.written
    assert program.reports == []
    return True


def at_the_first_step(program: UnderAPty) -> None:
    program.wait("What does the queue say?")
    program.wait("Next: Which Send")


def in_the_explanation(program: UnderAPty) -> None:
    at_the_first_step(program)
    program.keys("\x1bOP")
    program.wait("cannot leave waits in a queue")


def in_the_palette(program: UnderAPty) -> None:
    at_the_first_step(program)
    program.keys("\x10")
    program.wait("Go to")


def at_the_log(program: UnderAPty) -> None:
    at_the_first_step(program)
    for key, then in (
        ("\r", "Which one does the stuck mail use?"),
        ("\r", "(*) Outbound to Office 365"),
        ("\r", "Which server sends the mail?"),
        ("\x1b[19~", "Our certificate:"),
    ):
        program.keys(key)
        program.wait(then)


def while_choosing_a_file(program: UnderAPty) -> None:
    at_the_log(program)
    program.keys("\x1b[15~")
    program.wait("Open a file")


def in_the_middle_of_a_key(program: UnderAPty) -> None:
    at_the_first_step(program)
    program.keys("\x1b[200~half a paste")


def while_it_goes_on(program: UnderAPty) -> None:
    at_the_first_step(program)
    program.keys("\r\r\r\r")


MOMENTS = [
    at_the_first_step,
    in_the_explanation,
    in_the_palette,
    while_choosing_a_file,
    in_the_middle_of_a_key,
    while_it_goes_on,
]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_saves_the_draft_and_leaves_the_terminal_clean(
    start: Start, moment: Callable[[UnderAPty], None], number: signal.Signals
) -> None:
    program = start("--sample", answers=MODERN)
    moment(program)
    program.send(number)
    assert program.end() == 128 + number
    assert is_clean(program)
    (draft,) = program.drafts
    assert typed_in(draft)["symptom"].startswith(SAMPLE_QUEUE)
    said = f"exchange-cert-wizard was ended by {number.name}. What you gave is saved in {draft}."
    assert said in program.after_the_screen


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=lambda number: number.name)
def test_the_signals_of_keys_do_so_when_they_come_from_elsewhere(start: Start, number: signal.Signals) -> None:
    program = start("--sample")
    at_the_first_step(program)
    program.send(number)
    assert program.end() == 128 + number
    assert is_clean(program)
    assert len(program.drafts) == 1


@pytest.mark.parametrize(
    "after",
    [
        *(0.02, 0.2, 0.5, 1.0),
        *(pytest.param(after, marks=pytest.mark.long) for after in (0.1, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.2)),
    ],
    ids=str,
)
def test_a_signal_while_it_starts_leaves_nothing_on(start: Start, after: float) -> None:
    """Before it has taken the terminal, a signal may simply end it; there is no draft of nothing."""
    program = start("--sample", answers=MODERN)
    program.read_for(after)
    program.send(signal.SIGTERM)
    assert program.end() in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert is_clean(program)
    for draft in program.drafts:
        typed_in(draft)


def test_many_signals_end_it_as_one(start: Start) -> None:
    program = start("--sample")
    at_the_first_step(program)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        program.send(number)
        time.sleep(0.01)
    assert program.end() > 128
    assert is_clean(program)
    assert len(program.drafts) == 1


@pytest.mark.long
def test_a_signal_while_a_folder_is_read(start: Start, tmp_path: Path) -> None:
    text = evidence.log(*[evidence.OURS] * 50) * 200
    for number in range(40):
        (tmp_path / f"SEND{number}.log").write_text(text, encoding="utf-8")
    program = start("--sample")
    while_choosing_a_file(program)
    program.keys(f"{tmp_path}\r")
    program.read_for(0.1)
    program.send(signal.SIGTERM)
    assert program.end() == 143
    assert is_clean(program)
    assert {"symptom", "connector", "log"} <= typed_in(program.drafts[0]).keys()


def test_what_was_typed_a_moment_ago_is_in_the_draft(start: Start) -> None:
    program = start()
    program.wait("Begin: mail is stuck")
    program.keys("\r")
    program.wait("What does the queue say?")
    program.keys("typed a moment ago")
    program.wait("moment ago")
    program.send(signal.SIGTERM)
    assert program.end() == 143
    assert b"typed a moment ago" in program.drafts[0].read_bytes()


def test_nothing_given_leaves_no_draft(start: Start) -> None:
    program = start()
    program.wait("Begin: mail is stuck")
    program.send(signal.SIGTERM)
    assert program.end() == 143
    assert is_clean(program)
    assert program.drafts == []
    assert program.after_the_screen.strip().endswith("exchange-cert-wizard was ended by SIGTERM.")


def test_a_terminal_that_takes_nothing_any_more_does_not_hold_it_up(start: Start) -> None:
    program = start("--sample")
    at_the_first_step(program)
    # Nobody reads what is drawn, until nothing more fits in between.
    for _ in range(40):
        program.keys("\x1bOP\x1bOP\t")
        time.sleep(0.02)
    program.send(signal.SIGTERM)
    program.process.wait(60)
    assert program.process.returncode == 143
    assert typed_in(program.drafts[0])
    while program.read():
        pass
    assert termios.tcgetattr(program.slave) == program.attributes


def test_a_save_that_never_comes_back_does_not_hold_it_up(start: Start) -> None:
    """Such as one that waits for what the interrupted code has locked."""
    program = start(
        program="import threading; from wizard.case.keeper import Keeper\n"
        "Keeper.save_now = lambda self: threading.Event().wait() if self.case.begun else ''\n"
        "import sys; from screens.cli import main; sys.exit(main(['--sample']))",
        answers=MODERN,
    )
    at_the_first_step(program)
    program.send(signal.SIGTERM)
    assert program.end(within=60) == 143
    assert is_clean(program)
    assert typed_in(program.drafts[0])


@pytest.mark.parametrize("ignored", [None, signal.SIGHUP], ids=["told", "not told"])
def test_a_closed_window_ends_it_and_the_draft_is_there(start: Start, ignored: signal.Signals | None) -> None:
    """Also where nobody tells it, as under nohup: it must not go on drawing for nobody."""
    program = start("--sample", ignored=ignored)
    at_the_first_step(program)
    program.close()
    assert program.process.wait(60) == 129
    assert typed_in(program.drafts[0])["symptom"].startswith(SAMPLE_QUEUE)
    assert program.reports == []


def test_output_that_nobody_takes_ends_it_and_the_draft_is_there(start: Start) -> None:
    reading, writing = os.pipe()
    program = start("--sample", stderr=writing)
    os.close(writing)
    drawn = b""
    while b"Next: Which Send" not in drawn:
        drawn += os.read(reading, 1 << 16)
    os.close(reading)
    program.keys("\x1bOP")
    assert program.end() == 129
    assert typed_in(program.drafts[0])
    assert program.reports == []


def test_line_by_line_a_signal_saves_the_draft_too(start: Start) -> None:
    program = start("--plain", "--sample")
    program.wait("Step 1 of 11")
    program.wait("Queue EX01")
    program.send(signal.SIGTERM)
    assert program.end() == 143
    assert is_clean(program)
    assert typed_in(program.drafts[0])


def test_line_by_line_a_closed_window_saves_the_draft_too(start: Start) -> None:
    program = start("--plain", "--sample")
    program.wait("Step 1 of 11")
    program.wait("Queue EX01")
    program.close()
    assert program.process.wait(60) == 129
    assert typed_in(program.drafts[0])


FAULTS = {
    "in a dialog": ("import screens.app.step; screens.app.step.explain = fail", "\x1bOP"),
    "while drawing": ("import screens.app.dialogs as c; c.known = fail", ""),
    "in a thread": ("import screens.app.openfile; screens.app.openfile.first_folder = fail", "\x1b[15~"),
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_leaves_the_terminal_clean_and_one_line(start: Start, where: str) -> None:
    break_it, keys = FAULTS[where]
    program = start(
        program="def fail(*a, **k): raise ValueError('orders@fabrikam.example')\n"
        f"{break_it}\nimport sys; from screens.cli import main; sys.exit(main(['--sample']))",
        answers=MODERN,
    )
    if keys:
        at_the_first_step(program)
        program.keys(keys)
    assert program.end() == 1
    assert program.left_on == set()
    assert termios.tcgetattr(program.slave) == program.attributes
    assert STOPPED in program.after_the_screen
    assert b"Traceback" not in program.written
    assert b"orders@" not in program.written
    (report,) = program.reports
    assert str(report) in program.after_the_screen
    assert "ValueError" in report.read_text(encoding="utf-8")
    if keys:
        assert typed_in(program.drafts[0])


def test_the_next_start_says_where_the_draft_is(start: Start) -> None:
    first = start("--sample")
    at_the_first_step(first)
    first.send(signal.SIGTERM)
    first.end()
    second = start()
    second.wait("Last time the program was ended early.")
    second.wait("What you gave is saved in")
    second.keys("\x11")
    assert second.end() == 0


BROKEN = {
    "wizard.tcss": [True, False, False],
    "steps.toml": [True, True, True],
    "verdicts.toml": [True, True, True],
    "sample/symptom.txt": [True, True, False],
}
"""Assets, and whether `--sample`, `--plain --sample` and `diagnose` stop without them."""

FRONTS = [["--sample"], ["--plain", "--sample"], ["diagnose", "README.md"]]


@pytest.mark.parametrize("number", range(3), ids=lambda number: " ".join(FRONTS[number]))
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_broken_asset_is_told_in_words(start: Start, tmp_path: Path, name: str, how: str, number: int) -> None:
    """Who does without it runs."""
    installed = tmp_path / "installed"
    for folder in ("wizard", "screens", "assets"):
        shutil.copytree(ROOT / folder, installed / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", installed)
    asset = installed / "assets" / name
    asset.unlink() if how == "gone" else asset.write_bytes(b"\x00\xff{{{ = \n[[")
    program = start(*FRONTS[number], root=installed)
    while program.process.poll() is None and not re.search(b"q quit|Next:", program.written):
        program.read(0.1)
    if program.process.poll() is None:
        program.send(signal.SIGTERM)
    status = program.end()
    stops = BROKEN[name][number]
    assert (status == 1) == (STOPPED.encode() in program.written) == (len(program.reports) == 1) == stops
    assert b"Traceback" not in program.written
    assert program.left_on == set()
    assert termios.tcgetattr(program.slave) == program.attributes

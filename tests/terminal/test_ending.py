"""Whatever ends the program, the case is saved with what stood in its field, and the terminal is left as it was."""

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
from dataclasses import dataclass
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals on Windows", allow_module_level=True)
assert sys.platform != "win32"

import termios

from screens.end import NOT_SAVED
from screens.fault import STOPPED
from tests.screens import evidence
from tests.terminal.under_a_pty import ROOT, UnderAPty
from wizard.case.book import read_case
from wizard.case.case import Answer, StepId
from wizard.case.file import Saved

pytestmark = pytest.mark.terminal

MODERN = b"\x1b[?2026;2$y\x1b[?2048;2$y"
"""A terminal that knows synchronized output and tells its size by itself, as today's do."""

HALF = "typed a moment ago"

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


def saved(program: UnderAPty) -> Saved:
    """The one case there is; fails when it is not whole."""
    (path,) = program.cases
    return read_case(path)


def answer(program: UnderAPty, step: StepId = StepId.SYMPTOM) -> Answer:
    return saved(program).case.answer(step)


def is_restored(program: UnderAPty) -> bool:
    """Whether nothing is left of the full screen, in what it wrote and in how the terminal takes keys."""
    assert program.left_on == set()
    assert termios.tcgetattr(program.slave) == program.attributes
    assert b"Traceback" not in program.written
    return True


# Where it is ended: each gives the queue's output first, so that there is something to lose.


def at_a_step(program: UnderAPty) -> None:
    program.wait("Begin: mail is stuck")
    program.keys("\r")
    program.wait("What does the queue say?")
    program.keys(f"\x1b[200~{evidence.QUEUES}\x1b[201~")
    program.wait("Read.")


def at_a_step_that_is_saved(program: UnderAPty) -> None:
    """The answer was saved after it was drawn: an end that comes between has nothing on the disk yet."""
    at_a_step(program)
    for _ in range(600):
        if program.cases:
            return
        program.read_for(0.1)
    raise AssertionError("the case is not saved")


def with_half_a_text(program: UnderAPty) -> None:
    """Nothing has been read; the text stands in the field for less time than it is waited for."""
    program.wait("Begin: mail is stuck")
    program.keys("\r")
    program.wait("What does the queue say?")
    program.keys(HALF)
    program.wait("moment ago")


def in_a_dialog(program: UnderAPty) -> None:
    at_a_step(program)
    program.keys("\x1bOP")
    program.wait("cannot leave waits in a queue")


def in_the_palette(program: UnderAPty) -> None:
    at_a_step(program)
    program.keys("\x10")
    program.wait("Go to")


def while_choosing_a_file(program: UnderAPty) -> None:
    at_a_step(program)
    program.keys("\x1b[15~")
    program.wait("Open a file")


def in_the_middle_of_a_paste(program: UnderAPty) -> None:
    at_a_step(program)
    program.keys("\x1b[200~half a paste")


def while_it_goes_on(program: UnderAPty) -> None:
    at_a_step(program)
    program.keys("\r\r\r\r")


def line_by_line(program: UnderAPty) -> None:
    program.wait("Step 1 of 11")
    program.keys(f"p\r{evidence.QUEUES}\n.\n")
    program.wait("Read.")


def line_by_line_with_half_a_text(program: UnderAPty) -> None:
    program.wait("Step 1 of 11")
    program.keys("p\r")
    program.wait("Paste now")
    program.keys(f"{HALF}\n")
    program.read_for(1)


# How it is ended.


def by(number: signal.Signals) -> Callable[[UnderAPty], None]:
    return lambda program: program.send(number)


def many(program: UnderAPty) -> None:
    for number in (HUP, TERM, HUP, INT):
        program.send(number)
        time.sleep(0.01)


def closed(program: UnderAPty) -> None:
    program.close()


def quit_(program: UnderAPty) -> None:
    program.keys("\x11")


def explain(program: UnderAPty) -> None:
    program.keys("\x1bOP")


def open_a_file(program: UnderAPty) -> None:
    program.keys("\x1b[15~")


def blocked(program: UnderAPty) -> None:
    """Nobody reads what is drawn, until nothing more fits in between."""
    for _ in range(40):
        program.keys("\x1bOP\x1bOP\t")
        time.sleep(0.02)
    program.send(signal.SIGTERM)
    program.process.wait(60)


def failing(where: str) -> str:
    return f"def fail(*a, **k): raise ValueError('orders@fabrikam.example')\nimport {where} as m; m.{{}} = fail\n"


RUN = "import sys; from screens.cli import main; sys.exit(main([]))"

ENDLESS = (
    "import threading; from wizard.case.book import Casebook as book; save = book.save\n"
    "book.save = lambda self, case, *logs: threading.Event().wait() if case.ended else save(self, case, *logs)\n"
)

GO_ON = "The case is saved. Go on with it: "

ENDED = "exchange-cert-wizard was ended "


@dataclass(frozen=True)
class Way:
    """A way to end, from where; then the exit status and the last words. `ended` is what the saved case says of it."""

    where: Callable[[UnderAPty], None]
    how: Callable[[UnderAPty], None]
    status: int
    words: str
    begin: str = ""
    arguments: tuple[str, ...] = ()
    ignored: signal.Signals | None = None
    reads: bool = True
    ended: bool = True


TERM, HUP, INT, QUIT = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

PLAIN = ("--plain",)

WAYS = {
    "SIGTERM": Way(with_half_a_text, by(TERM), 143, f"{ENDED}by SIGTERM. {GO_ON}"),
    "a fault": Way(at_a_step, explain, 1, GO_ON, begin=failing("screens.app.step").format("explain") + RUN),
    "a fault in a thread": Way(
        at_a_step, open_a_file, 1, GO_ON, begin=failing("screens.app.openfile").format("first_folder") + RUN
    ),
    "a closed window": Way(with_half_a_text, closed, 129, "", reads=False),
    "a closed window under nohup": Way(at_a_step, closed, 129, "", ignored=HUP, reads=False),
    "a blocked terminal": Way(at_a_step, blocked, 143, "", reads=False),
    "a save without end": Way(
        at_a_step_that_is_saved,
        by(TERM),
        143,
        NOT_SAVED,
        begin=ENDLESS + RUN,
        ended=False,
    ),
    "SIGHUP": Way(in_a_dialog, by(HUP), 129, f"{ENDED}by SIGHUP. {GO_ON}"),
    "SIGINT": Way(in_the_palette, by(INT), 130, f"{ENDED}by SIGINT. {GO_ON}"),
    "SIGQUIT": Way(while_choosing_a_file, by(QUIT), 131, f"{ENDED}by SIGQUIT. {GO_ON}"),
    "many signals": Way(at_a_step, many, 129, f"{ENDED}by SIGHUP. {GO_ON}"),
    "in the middle of a paste": Way(in_the_middle_of_a_paste, by(TERM), 143, f"{ENDED}by SIGTERM. {GO_ON}"),
    "while it goes on": Way(while_it_goes_on, by(TERM), 143, f"{ENDED}by SIGTERM. {GO_ON}"),
    "Ctrl+Q": Way(at_a_step, quit_, 0, "python -m screens resume ", ended=False),
    "line by line": Way(line_by_line, by(TERM), 143, f"{ENDED}by SIGTERM. {GO_ON}", arguments=PLAIN),
    "half a text line by line": Way(
        line_by_line_with_half_a_text, by(TERM), 143, f"{ENDED}by SIGTERM. {GO_ON}", arguments=PLAIN
    ),
    "a closed window line by line": Way(line_by_line, closed, 129, "", arguments=PLAIN, reads=False),
}


@pytest.mark.parametrize("name", WAYS)
def test_the_case_is_saved_and_the_terminal_as_it_was(start: Start, name: str) -> None:
    way = WAYS[name]
    program = start(*way.arguments, program=way.begin, ignored=way.ignored, answers=MODERN)
    way.where(program)
    way.how(program)
    assert (program.end() if way.reads else program.process.wait(60)) == way.status
    half = way.where in (with_half_a_text, line_by_line_with_half_a_text)
    given = answer(program).waiting if half else answer(program).text
    assert given.strip() == (HALF if half else evidence.QUEUES.strip())
    assert saved(program).ended is way.ended
    if way.reads:
        assert is_restored(program)
        assert len(program.reports) == (way.status == 1)
        assert b"orders@" not in program.written
        last = program.after_the_screen.strip().splitlines()[-1]
        assert way.words in last
        assert (
            not way.words.endswith((GO_ON, " resume "))
            or program.cases[0].stem in last.partition(" resume ")[2].split()
        )
        assert last.startswith(STOPPED) == (way.status == 1)
    elif program.slave >= 0:
        while program.read():
            pass
        assert termios.tcgetattr(program.slave) == program.attributes


@pytest.mark.long
def test_the_next_start_offers_the_case_and_its_text_stands_in_the_field(start: Start) -> None:
    first = start()
    with_half_a_text(first)
    first.send(TERM)
    first.end()
    second = start()
    second.wait("Last time the program was ended early.")
    second.wait("Go on: No connector yet")
    second.keys("\x1b[B\x1b[B\r")
    second.wait("Not read yet")
    second.wait(HALF)
    second.keys("\x1b[19~")
    second.wait("Not taken")
    second.keys("\x11")
    assert second.end() == 0
    assert (answer(second).text, answer(second).waiting) == (HALF, "")
    third = start()
    third.wait("Go on: No connector yet")
    third.keys("\x11")
    third.end()
    assert b"Last time" not in third.written


@pytest.mark.parametrize("arguments", [(), ("--sample",)], ids=str)
def test_without_a_case_nothing_is_saved(start: Start, arguments: tuple[str, ...]) -> None:
    program = start(*arguments)
    program.wait("Next: Which Send" if arguments else "Begin: mail is stuck")
    program.send(TERM)
    assert program.end() == 143
    assert is_restored(program)
    assert program.cases == []
    sample = " The sample is not saved." if arguments else ""
    assert program.after_the_screen.strip().endswith(f"{ENDED}by SIGTERM.{sample}")


@pytest.mark.parametrize(
    "after",
    [
        *(0.02, 0.2, 0.5, 1.0),
        *(pytest.param(after, marks=pytest.mark.long) for after in (0.1, 0.35, 0.7)),
    ],
    ids=str,
)
def test_a_signal_while_it_starts_leaves_nothing_on(start: Start, after: float) -> None:
    """Before it has taken the terminal, a signal may simply end it."""
    program = start("--sample", answers=MODERN)
    program.read_for(after)
    program.send(TERM)
    assert program.end() in (-TERM, 128 + TERM)
    assert is_restored(program)


@pytest.mark.long
def test_a_signal_while_a_folder_is_read(start: Start, tmp_path: Path) -> None:
    text = evidence.log(*[evidence.OURS] * 50) * 200
    for number in range(40):
        (tmp_path / f"SEND{number}.log").write_text(text, encoding="utf-8")
    program = start()
    while_choosing_a_file(program)
    program.keys(f"{tmp_path}\r")
    program.read_for(0.1)
    program.send(TERM)
    assert program.end() == 143
    assert is_restored(program)
    assert answer(program).text.strip() == evidence.QUEUES.strip()


def test_output_that_nobody_takes_ends_it(start: Start) -> None:
    reading, writing = os.pipe()
    program = start("--sample", stderr=writing)
    os.close(writing)
    drawn = b""
    while b"Next: Which Send" not in drawn:
        drawn += os.read(reading, 1 << 16)
    os.close(reading)
    program.keys("\x1bOP")
    assert program.end() == 129
    assert program.reports == []


def test_a_disk_that_takes_nothing_is_told_and_the_case_lies_elsewhere(start: Start, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cases").write_text("no folder", encoding="utf-8")
    program = start()
    with_half_a_text(program)
    program.send(TERM)
    assert program.end() == 143
    said = " ".join(program.after_the_screen.split())
    lies = re.search(r"The case could not be saved to .* The case lies in (\S+) instead", said)
    assert lies
    elsewhere = Path(lies[1])
    assert read_case(elsewhere).case.answer(StepId.SYMPTOM).waiting == HALF
    elsewhere.unlink()


BROKEN = {
    "wizard.tcss": [True, False, False],
    "steps.toml": [True, True, True],
    "verdicts.toml": [True, True, True],
    "sample/symptom.txt": [True, True, False],
}
"""Assets, and whether `--sample`, `--plain --sample` and `diagnose` stop without them."""

FRONTS = [["--sample"], ["--plain", "--sample"], ["diagnose", "README.md"]]


@pytest.mark.parametrize("number", range(3), ids=lambda number: " ".join(FRONTS[number]))
@pytest.mark.parametrize("place", range(len(BROKEN)), ids=list(BROKEN))
def test_a_broken_asset_is_told_in_words(start: Start, tmp_path: Path, place: int, number: int) -> None:
    """Gone or damaged, each for every asset and before every front end. Who does without it runs."""
    name, how = list(BROKEN)[place], ("gone", "damaged")[(place + number) % 2]
    installed = tmp_path / "installed"
    for folder in ("wizard", "screens", "assets"):
        shutil.copytree(ROOT / folder, installed / folder)
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
    assert is_restored(program)

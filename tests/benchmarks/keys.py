"""From a key to the last byte of the frame that answers it, in every screen: `python -m tests.benchmarks.keys`.

Measured in a pseudo-terminal, so everything counts: reading the key, the work, the layout, the writing. A frame
is over when nothing more has come for a while. The yardstick is a bare Textual list, and for screens a bare
screen that is opened above it. Every terminal is pressed in turn, so that a machine busy with other things is
equally busy for all. A key that changes nothing on the screen counts as unanswered, and not as fast.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from tests.benchmarks.run import say, say_state
from tests.benchmarks.start import LAST
from tests.benchmarks.terminal import Terminal
from wizard.case.case import StepId
from wizard.steps.flow import ORDER

PYTHON = sys.executable
FRAME = 50.0
"""Milliseconds within which a key is to be answered, in 95 of 100 cases."""

QUIET = 0.06
"""Seconds of silence after which a frame is over."""

AT_LEAST = 0.25
"""Seconds between two keys: a hand's pace, and long enough for a blinking cursor not to be taken for an answer."""

HANDSHAKES = 100_000

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "enter": "\r",
    "backspace": "\x7f",
    "escape": "\x1b",
    "f1": "\x1bOP",
    "f3": "\x1bOR",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A screen to press keys in: how it is reached, what it shows then, and keys that lead back to where they began.

    `turning` are the keys that open another screen or close it.
    """

    name: str
    command: list[str]
    opening: list[str]
    keys: list[str]
    turning: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """Milliseconds of each answered key, those that opened or closed a screen apart; and what was not answered.

    Each is a pair: on the clock, and the work a processor did for it, which others on the machine hardly change.
    """

    keys: list[tuple[float, float]] = field(default_factory=list)
    turns: list[tuple[float, float]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def places(logs: Path) -> list[Place]:
    """The yardstick, then every screen."""
    walk = ["down", "down", "up", "up"]
    show = [PYTHON, "-m", "tests.benchmarks.keys", "--show"]
    many = [*show, f"many:{logs}"]
    found = [
        Place("a bare Textual list", [PYTHON, "-m", "tests.benchmarks.hello", "--list"], [], walk),
        Place(
            "a bare Textual screen",
            [PYTHON, "-m", "tests.benchmarks.hello", "--list"],
            [],
            ["f1", "enter"],
            frozenset({"f1", "enter"}),
        ),
        Place("welcome", [*show, "welcome"], [], walk),
    ]
    for step in ORDER:
        move = ["tab", "shift+tab"]
        found.append(Place(f"step: {step.value}", [*show, step.value], [], move))
        if step not in (StepId.COMMAND, StepId.SERVERS):
            found.append(Place(f"step: {step.value}, typing", [*show, step.value], [], ["x", "y", "backspace"] * 2))
    turns = ["f1", "enter", "f7", "enter"]
    found += [
        Place("step, a dialog over it", [*show, "command"], [], turns, frozenset(turns)),
        Place("step, to the next and back", [*show, "command"], [], ["f8", "escape"], frozenset({"f8"})),
        Place("command, the other one", [*show, "command"], [], ["f3", "f3"]),
        Place("explain", [*show, "log"], ["f1"], walk),
        Place("the lines", [*show, "log"], ["f6"], [*walk, "pagedown", "pageup"]),
        Place("what is known", [*show, "command"], ["f7"], walk),
        Place("open a file", [*show, "log"], ["f5"], ["tab", *walk, "shift+tab", "x", "backspace"]),
        Place("palette", [*show, "log"], ["f9"], [*walk, "c", "backspace"]),
        Place("before the copy", [*show, "prompt"], ["f2"], ["tab", "shift+tab"]),
        Place("summary", [*show, "summary"], [], [*walk, "pagedown", "pageup"]),
        Place(f"log with {HANDSHAKES:,} failures", many, [], ["tab", "shift+tab", "pagedown", "pageup"]),
        Place(f"log with {HANDSHAKES:,}, typing", many, [], ["x", "y", "backspace", "backspace"]),
        Place(
            f"{HANDSHAKES:,} handshakes",
            many,
            ["sessions"],
            ["down", "pagedown", "end", "up", "pageup", "home"],
        ),
    ]
    return found


def press(terminal: Terminal, place: Place, key: str, found: Found | None) -> None:
    """Press one key and note how long its answer took."""
    terminal.quiet(AT_LEAST, 1.0)
    worked = terminal.worked
    begun = terminal.press(KEYS.get(key, key).encode())
    last = terminal.quiet(QUIET, 5.0)
    if last is None:
        last = terminal.quiet(1.0, 1.0)
    work = (terminal.worked - worked) * 1000
    if found is None:
        return
    if last is None:
        found.unanswered.append(key)
    elif key != "escape":
        # Escape waits by itself, for the rest of a key's sequence: what is measured is not ours.
        (found.turns if key in place.turning else found.keys).append(((last - begun) * 1000, work))


def measure(chosen: list[Place], columns: int, lines: int, rounds: int) -> dict[str, Found]:
    """Open each place in a terminal of its own and press its keys in turn with those of the others."""
    found = {place.name: Found() for place in chosen}
    with ExitStack() as stack:
        opened = [(place, stack.enter_context(Terminal(place.command, columns, lines))) for place in chosen]
        for place, terminal in opened:
            terminal.shows("palette" if "bare" in place.name else LAST)
            terminal.quiet(1.0, 20.0)
            for key in place.opening:
                if key == "sessions":
                    for each in ("f9", *"All failed", "enter"):
                        press(terminal, place, each, None)
                    terminal.quiet(1.0, 5.0)
                else:
                    press(terminal, place, key, None)
        for round_ in range(rounds + 1):
            for place, terminal in opened:
                for key in place.keys:
                    press(terminal, place, key, found[place.name] if round_ else None)
    return found


def told(name: str, found: list[tuple[float, float]], bare: list[tuple[float, float]]) -> None:
    """Print median, 95th percentile and the largest on the clock, median and percentile of work, and the ratio."""
    taken, work = sorted(clock for clock, _work in found), sorted(work for _clock, work in found)
    at = min(int(len(taken) * 0.95), len(taken) - 1)
    ratio = median(taken) / median(clock for clock, _work in bare)
    say(
        f"  {name:38} median {median(taken):6.1f}  95 % {taken[at]:6.1f}  most {taken[-1]:6.1f} ms,"
        f"  work {median(work):6.1f}  95 % {work[at]:6.1f} ms  {ratio:5.2f}{'  LATE' if taken[at] > FRAME else ''}"
    )


def compare(columns: int, lines: int, logs: Path, rounds: int, only: str) -> None:
    """Measure groups of places, each together with the yardstick."""
    yardsticks, others = places(logs)[:2], [place for place in places(logs)[2:] if only in place.name]
    say(f"\nIn a terminal of {columns}x{lines}, from a key to its whole frame; the last column is times the yardstick:")
    for begin in range(0, len(others), 4):
        group = others[begin : begin + 4]
        found = measure([*yardsticks, *group], columns, lines, rounds)
        bare, screen = found[yardsticks[0].name].keys, found[yardsticks[1].name].turns
        told(yardsticks[0].name, bare, bare)
        told(yardsticks[1].name, screen, screen)
        for place in group:
            here = found[place.name]
            if here.keys:
                told(place.name, here.keys, bare)
            if here.turns:
                told(f"{place.name} (turning)", here.turns, screen)
            if here.unanswered:
                say(f"  {place.name:38} no answer to {', '.join(dict.fromkeys(here.unanswered))}")


# The program with a case in it, for the terminals


def show(what: str) -> None:
    """Run the program as its command does, with the case that a place needs."""
    from screens.app.app import WizardApp  # noqa: PLC0415 - the one who measures draws nothing
    from tests.screens.driving import MemoryClipboard, our_case, sample_at  # noqa: PLC0415
    from wizard.steps.flow import step  # noqa: PLC0415
    from wizard.steps.intake import open_path  # noqa: PLC0415

    name, _, path = what.partition(":")
    begun: Callable[..., WizardApp] = partial(WizardApp, clipboard=MemoryClipboard())
    if name == "welcome":
        app = begun(None)
    elif name == "many":
        app = begun(open_path(our_case(StepId.LOG), StepId.LOG, Path(path)).case, at=StepId.LOG)
    elif name == "summary":
        app = begun(sample_at(None), at=StepId.RESTORE)
        app.call_later(app.go, None)
    elif name == "undo":
        app = begun(step(StepId.PROMPT).choose(sample_at(StepId.VERIFY), "Y"), at=StepId.UNDO)
    else:
        app = begun(sample_at(StepId.of(name)), at=StepId.of(name))
    gc.freeze()
    app.run()


def write_log(path: Path) -> None:
    """A log of so many failed handshakes, on one connector with one certificate."""
    thumbprint = "5B90C2E74D1F8A36270BE94C61D8F35A0E72B4C9"
    rows = (
        ("Sending certificate", ""),
        ("Certificate subject", "CN=mail.fabrikam.example"),
        ("Certificate thumbprint", thumbprint),
        ("TLS negotiation failed with error UnknownCredentials", ""),
    )
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write("#Software: Microsoft Exchange Server\n#Log-type: SMTP Send Protocol Log\n")
        for number in range(HANDSHAKES):
            time = f"2026-11-{1 + number // 86400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
            for row, (context, value) in enumerate(rows):
                begin = f"{time}.{row:03}Z,Outbound to Office 365,{number:016X},{row},192.0.2.20:50412,198.51.100.7:25"
                file.write(f"{begin},*,{value},{context}\n")


def main() -> None:
    """Reads the arguments and runs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="places whose name has this in it")
    parser.add_argument("--size", action="append", help="such as 80x24; may be repeated")
    parser.add_argument("--show", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.show:
        show(chosen.show)
        return
    say_state()
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder) / "SEND20261101-1.log"
        write_log(logs)
        for size in chosen.size or ("80x24", "140x40"):
            columns, _, lines = size.partition("x")
            compare(int(columns), int(lines), logs, chosen.rounds, chosen.only)
    say_state()


if __name__ == "__main__":
    main()

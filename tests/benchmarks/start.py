"""How soon the program is there, beside a bare Textual app and a bare Python: `python -m tests.benchmarks.start`.

The full screen runs in a pseudo-terminal and counts as there when the last words of its first screen have
arrived. Ours and the yardstick take turns, so that a machine busy with other things is equally busy for both;
the ratio is the median of the ratios pair by pair.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from tests.benchmarks.run import say, say_state
from tests.benchmarks.terminal import ROOT, Terminal, installed

PYTHON = sys.executable
PROGRAM = [PYTHON, "-m", "screens"]
LAST = "F9 All"
"""What stands at the end of the footer, at every width."""
Timing = Callable[[], tuple[float, float]]
"""Seconds on the clock, and seconds of work: what a processor did for it, which others on the machine hardly change."""


def painted(command: list[str], words: str, columns: int = 80, lines: int = 24) -> Timing:
    """Until the first screen stands, by its last words."""

    def timing() -> tuple[float, float]:
        with Terminal(command, columns, lines) as terminal:
            seconds = terminal.shows(words) - terminal.begun
            return seconds, terminal.worked

    return timing


def ended(command: list[str]) -> Timing:
    """Until the command has ended."""

    def timing() -> tuple[float, float]:
        before, begun = os.times(), time.perf_counter()
        subprocess.run(
            command, cwd=ROOT, env=installed(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        seconds, after = time.perf_counter() - begun, os.times()
        work = after.children_user + after.children_system - before.children_user - before.children_system
        return seconds, work

    return timing


def compare(yardstick: str, measure: Timing, others: dict[str, tuple[Timing, float]], runs: int) -> None:
    """Time all in turn, once unseen and then so many runs, and print medians, ratios and what was aimed at."""
    timings = {yardstick: measure, **{name: timing for name, (timing, _aim) in others.items()}}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in timings}
    for run in range(runs + 1):
        for name, timing in timings.items():
            taken = timing()
            if run:
                found[name].append(taken)
    bare = found[yardstick]
    for name, taken_by in found.items():
        ratios = sorted(ours[0] / theirs[0] for ours, theirs in zip(taken_by, bare, strict=True))
        works = [ours[1] / max(theirs[1], 1e-9) for ours, theirs in zip(taken_by, bare, strict=True)]
        low, high = ratios[len(ratios) // 4], ratios[len(ratios) * 3 // 4]
        aim = others[name][1] if name in others else 0.0
        aimed = f", at most {aim:.2f}" if aim else ""
        say(
            f"  {name:30} {median(seconds for seconds, _work in taken_by) * 1000:7.1f} ms  {median(ratios):5.2f} x"
            f"  (middle half {low:.2f} to {high:.2f}), work {median(works):5.2f} x{aimed}"
        )


def main() -> None:
    """Reads the arguments and runs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    say_state()
    hello = [PYTHON, "-m", "tests.benchmarks.hello"]
    for columns, lines in ((80, 24), (140, 40)):
        say(f"\nFirst paint in a terminal of {columns}x{lines}:")
        ours = {
            "the welcome": (painted(PROGRAM, LAST, columns, lines), 1.60),
            "the first step of the sample": (painted([*PROGRAM, "--sample"], LAST, columns, lines), 0.0),
        }
        compare("a bare Textual app", painted(hello, "^p palette", columns, lines), ours, runs)
    say("\nFrom the command to its end:")
    log, certificate = "assets/sample/SEND20261122-1.log", "assets/sample/certificate.txt"
    commands = {
        "--version": (ended([*PROGRAM, "--version"]), 4.0),
        "--help": (ended([*PROGRAM, "--help"]), 4.0),
        "diagnose, two small files": (ended([*PROGRAM, "diagnose", log, certificate]), 0.0),
    }
    compare("python -c pass", ended([PYTHON, "-c", "pass"]), commands, runs)
    say_state()


if __name__ == "__main__":
    main()

"""How soon the program is there, beside a bare Textual app and a bare Python: `python -m tests.benchmarks.start`.

The full screen runs in a pseudo-terminal and counts as there when the last words of its first screen have
arrived. Ours and the yardstick take turns, so that a machine busy with other things is equally busy for both;
the ratio is the median of the ratios pair by pair.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from tests.benchmarks.run import say
from tests.benchmarks.terminal import ROOT, Terminal, installed

PYTHON = sys.executable
PROGRAM = [PYTHON, "-m", "screens"]
Timing = Callable[[], float]


def painted(command: list[str], words: str, columns: int = 80, lines: int = 24) -> Timing:
    """Seconds until the first screen stands, by its last words."""

    def timing() -> float:
        with Terminal(command, columns, lines) as terminal:
            return terminal.shows(words) - terminal.begun

    return timing


def ended(command: list[str]) -> Timing:
    """Seconds until the command has ended."""

    def timing() -> float:
        begun = time.perf_counter()
        subprocess.run(
            command, cwd=ROOT, env=installed(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        return time.perf_counter() - begun

    return timing


def compare(yardstick: str, measure: Timing, others: dict[str, tuple[Timing, float]], runs: int) -> None:
    """Time all in turn, once unseen and then so many runs, and print medians, ratios and what was aimed at."""
    found: dict[str, list[float]] = {name: [] for name in (yardstick, *others)}
    for run in range(runs + 1):
        for name, timing in {yardstick: measure, **{name: other[0] for name, other in others.items()}}.items():
            seconds = timing()
            if run:
                found[name].append(seconds)
    say(f"  {yardstick:32} {median(found[yardstick]) * 1000:7.1f} ms   1.00")
    for name, (_timing, aim) in others.items():
        ratios = sorted(ours / bare for ours, bare in zip(found[name], found[yardstick], strict=True))
        low, high = ratios[len(ratios) // 4], ratios[len(ratios) * 3 // 4]
        aimed = f"   at most {aim:.2f}" if aim else ""
        say(
            f"  {name:32} {median(found[name]) * 1000:7.1f} ms   {median(ratios):4.2f}"
            f"   (middle half {low:.2f} to {high:.2f}){aimed}"
        )


def main() -> None:
    """Reads the arguments and runs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    hello = [PYTHON, "-m", "tests.benchmarks.hello"]
    for columns, lines in ((80, 24), (140, 40)):
        say(f"\nFirst paint in a terminal of {columns}x{lines}:")
        ours = {
            "the welcome": (painted(PROGRAM, "^Q Quit", columns, lines), 1.25),
            "the first step of the sample": (painted([*PROGRAM, "--sample"], "^Q Quit", columns, lines), 1.25),
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


if __name__ == "__main__":
    main()

"""Times `diagnose` against ripgrep and `csv.reader`: `python -m tests.benchmarks.run [--gb 1] [--share 0.005]`.

Each command is a process of its own, start included, over a corpus that is in memory already; the
commands take turns, so that a machine that is busy with other things is equally busy for all.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]
IDS = r",([0-9A-F]{16}),\d+,[^,]*,[^,]*,\*,,TLS negotiation failed with error "
DIAGNOSE = [sys.executable, "-m", "screens.cli", "diagnose"]
FILTER = [sys.executable, "-m", "tests.benchmarks.summary"]
PLAIN = [sys.executable, "-m", "tests.benchmarks.plain"]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: wall seconds, and a digest of what it printed."""

    seconds: float
    printed: str


def timed(*commands: list[str]) -> Run:
    """Runs commands one after another and says how long they took; the last one's output counts."""
    begin = time.perf_counter()
    output = b""
    for command in commands:
        output = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout
    return Run(time.perf_counter() - begin, hashlib.sha256(output).hexdigest())


def two_passes(folder: Path) -> Run:
    """What an admin would type: the session-ids of failures, and then all rows of these sessions."""
    with tempfile.TemporaryDirectory() as name:
        ids = Path(name) / "ids"
        begin = time.perf_counter()
        with ids.open("wb") as file:
            subprocess.run(["rg", "-I", "-N", "-o", "-r", "$1", IDS, str(folder)], stdout=file, check=False)
        with (Path(name) / "rows").open("wb") as file:
            subprocess.run(["rg", "-I", "-N", "-F", "-f", str(ids), str(folder)], stdout=file, check=False)
        return Run(time.perf_counter() - begin, "")


def peak_bytes(folder: Path) -> int:
    """The largest resident memory, in bytes, of the whole process that diagnoses a folder.

    The process reads it about itself: what the system reports to the parent includes the parent's own.
    """
    code = "import contextlib, os, sys\nfrom screens.cli import main\nsys.argv[1:1] = ['diagnose']\n"
    code += (
        "with open(os.devnull, 'w') as out, contextlib.redirect_stdout(out), contextlib.suppress(SystemExit): main()\n"
    )
    code += "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    command = [sys.executable, "-c", code, str(folder)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout) * 1024


@contextlib.contextmanager
def corpus(megabytes: int, share: float, seed: int) -> Iterator[Path]:
    """A folder with a corpus, in memory as far as the machine keeps files there."""
    folder = Path(tempfile.mkdtemp(prefix="scan-corpus-"))
    try:
        begin = time.perf_counter()
        files = write_corpus(folder, megabytes * 1_000_000, share, seed)
        rate = megabytes / (time.perf_counter() - begin)
        for file in files:
            file.read_bytes()
        say(f"\n{megabytes:,} MB in {len(files)} files, {share:.1%} of sessions failing (written at {rate:.0f} MB/s)")
        yield folder
    finally:
        shutil.rmtree(folder)


def compare(folder: Path, runs: int) -> None:
    """Times the three in turn and prints medians and the medians of the ratios to ripgrep, pair by pair."""
    same = timed([*FILTER, str(folder)]).printed == timed([*PLAIN, str(folder)]).printed
    say(f"  answers of the filter and of csv.reader: {'identical' if same else 'DIFFERENT'}")
    ways: dict[str, Callable[[], Run]] = {
        "ripgrep, two passes": lambda: two_passes(folder),
        "diagnose": lambda: timed([*DIAGNOSE, str(folder)]),
        "csv.reader": lambda: timed([*PLAIN, str(folder)]),
    }
    found: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            found[name].append(way())
    for name, results in found.items():
        ratios = [run.seconds / two.seconds for run, two in zip(results, found["ripgrep, two passes"], strict=True)]
        say(f"  {name:20} {median(run.seconds for run in results):7.3f} s   {median(ratios):6.2f} x ripgrep")


def memory(folder: Path) -> None:
    """Prints the peak memory of the whole process."""
    if Path("/proc/self/status").exists():
        say(f"  peak memory of diagnose: {peak_bytes(folder) / 1e6:.1f} MB")


def say(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_state() -> None:
    """Prints what the machine is and how busy: ratios taken under a high load are rough."""
    load = ""
    if sys.platform != "win32":
        load = f", load {os.getloadavg()[0]:.1f} in the last minute"
    say(f"{os.cpu_count()} processors{load}, Python {platform.python_version()} on {platform.system()}")


def main() -> None:
    """Reads the arguments and runs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gb", type=float, action="append", help="size in GB; may be repeated (0.25 and 1)")
    parser.add_argument("--share", type=float, action="append", help="share of sessions failing (0.005 and 0.5)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    say_state()
    for share in chosen.share or (0.005, 0.5):
        for gigabytes in chosen.gb or (0.25, 1.0):
            with corpus(int(gigabytes * 1000), share, chosen.seed) as folder:
                compare(folder, chosen.runs)
                memory(folder)
    say_state()


if __name__ == "__main__":
    main()

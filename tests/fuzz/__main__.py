"""Fuzzes everything that reads evidence: `python -m tests.fuzz [--minutes 5] [--seed N] [--target NAME ...]`.

With atheris, where it is installed, inputs are guided by coverage; else they are drawn from a seed.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz.finds import ROOT, Finds, fault, say
from tests.fuzz.targets import TARGETS

LONGEST_SECONDS = 120
"""A single input that takes longer ends the run."""

_RUNS = re.compile(r"number_of_executed_units:\s*(\d+)")


def drawn(name: str, seconds: float, seed: int, folder: Path) -> tuple[int, int]:
    """Fuzzes a target with inputs drawn from one seed after another; how many there were, and how many faults."""
    target = TARGETS[name]
    finds = Finds(name, target.check, folder)
    current = folder / f"{name}-current"
    stop = time.monotonic() + seconds
    number = seed
    while number == seed or time.monotonic() < stop:
        content = target.drawn(Random(number))
        current.write_bytes(content)
        faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)
        finds.look(content, number)
        faulthandler.cancel_dump_traceback_later()
        number += 1
    current.unlink()
    return number - seed, finds.count


def guided(name: str, seconds: float, seed: int, folder: Path) -> tuple[int, int]:
    """Fuzzes a target with atheris in a process of its own; how many inputs there were, and how many faults."""
    command = [sys.executable, "-m", "tests.fuzz.guided", name, str(int(seconds)), str(seed), str(folder)]
    log = folder / f"{name}.txt"
    with log.open("wb") as errors:
        status = subprocess.run(command, cwd=ROOT, stderr=errors, check=False).returncode
    told = log.read_text(errors="replace")
    count = _RUNS.search(told)
    if status or not count:
        say(f"\n{name}: atheris ended with status {status}; the end of {log}:\n{told[-2000:]}")
    return int(count[1]) if count else 0, max(len(list(folder.glob(f"{name}-*"))), int(bool(status)))


def main() -> int:
    """Runs the targets one after another; the status says whether a fault was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=5, help="for all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", nargs="+", choices=sorted(TARGETS), default=list(TARGETS))
    parser.add_argument("--engine", choices=("drawn", "atheris"), help="atheris where it is installed")
    parser.add_argument("--again", type=Path, help="the file of an input to try once more")
    chosen = parser.parse_args()
    if chosen.again:
        faults = [fault(TARGETS[name].check, chosen.again.read_bytes())[1] for name in chosen.target]
        say("\n".join(filter(None, faults)) or "nothing fails")
        return int(any(faults))
    installed = importlib.util.find_spec("atheris") is not None
    engine = chosen.engine or ("atheris" if installed else "drawn")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    say(f"inputs that fail, and the one that is being tried, are written to {folder}")
    total = 0
    for name in chosen.target:
        seconds = chosen.minutes * 60 / len(chosen.target)
        with_atheris = engine == "atheris" and TARGETS[name].quick
        count, found = (guided if with_atheris else drawn)(name, seconds, chosen.seed, folder)
        total += found
        how = "guided by atheris" if with_atheris else "drawn"
        say(f"{name}: {count:,} inputs {how} from seed {chosen.seed}, {found} faults")
    if not total:
        shutil.rmtree(folder)
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())

"""One target under atheris, guided by coverage: `python -m tests.fuzz.guided TARGET SECONDS SEED FOLDER`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.damage import HOSTILE, PHRASES
from tests.fuzz.finds import Finds

BEGINNINGS = 300
"""So many drawn inputs are given to atheris to begin with."""

LONGEST_INPUT = 8_000
LONGEST_SECONDS = 120


def run(name: str, seconds: int, seed: int, folder: Path) -> None:
    """Fuzzes the target and ends the process, as libFuzzer does."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["wizard"]):
        targets = importlib.import_module("tests.fuzz.targets")
    target = targets.TARGETS[name]
    corpus = folder / f"corpus-{name}"
    corpus.mkdir()
    for number in range(BEGINNINGS):
        (corpus / str(number)).write_bytes(target.drawn(Random(seed + number)))
    phrases = folder / "phrases"
    phrases.write_text("".join(f'"{_escaped(phrase)}"\n' for phrase in (*PHRASES, *HOSTILE) if len(phrase) < 100))

    def mutated(content: bytes, longest: int, number: int) -> bytes:
        draw = Random(number)
        if target.damaged is None or draw.random() < 0.5:
            return bytes(atheris.Mutate(content, longest))
        return bytes(target.damaged(content, draw)[:longest])

    finds = Finds(name, target.check, folder)
    options = {
        "max_total_time": seconds,
        "seed": seed,
        "max_len": LONGEST_INPUT,
        "dict": phrases,
        "timeout": LONGEST_SECONDS,
        "report_slow_units": LONGEST_SECONDS,
        "artifact_prefix": f"{folder}/{name}-",
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], *(f"-{option}={value}" for option, value in options.items()), str(corpus)]
    atheris.Setup(arguments, finds.look, custom_mutator=mutated)
    atheris.Fuzz()


def _escaped(phrase: str) -> str:
    """A phrase as libFuzzer's dictionaries have it."""
    return "".join(f"\\x{byte:02x}" for byte in phrase.encode())


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))

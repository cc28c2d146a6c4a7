"""What a fuzz run found: each fault once, its input made as short as it gets and written to a file."""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHORTENING_SECONDS = 20.0

Check = Callable[[bytes], None]


def say(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fault(check: Check, content: bytes) -> tuple[str, str]:
    """What fails on this input, in short, and its traceback; both empty if nothing does."""
    try:
        check(content)
    except Exception as error:  # noqa: BLE001
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(ROOT))]
        place = f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno}" if frames else "?"
        return f"{type(error).__name__} at {place}", "".join(traceback.format_exception(error))
    return "", ""


def shortened(check: Check, content: bytes, name: str) -> bytes:
    """A shorter input that fails in the same way: first without lines, then without smaller and smaller parts."""
    stop = time.monotonic() + SHORTENING_SECONDS
    for split in (True, False):
        parts = content.splitlines(keepends=True) if split else [content[at : at + 1] for at in range(len(content))]
        size = max(len(parts) // 2, 1)
        while size and time.monotonic() < stop:
            at = 0
            while at < len(parts) and time.monotonic() < stop:
                fewer = parts[:at] + parts[at + size :]
                if fault(check, b"".join(fewer))[0] == name:
                    parts = fewer
                else:
                    at += size
            size //= 2
        content = b"".join(parts)
    return content


class Finds:
    """The faults of a run of one target, and the folder where their inputs are written."""

    def __init__(self, target: str, check: Check, folder: Path) -> None:
        self.count = 0
        self._target = target
        self._check = check
        self._folder = folder
        self._known: set[str] = set()

    def look(self, content: bytes, seed: int | None = None) -> None:
        """Tries an input; a fault that was not seen yet is told, with all that is needed to see it again."""
        name, _ = fault(self._check, content)
        if not name or name in self._known:
            return
        self._known.add(name)
        self.count += 1
        short = shortened(self._check, content, name)
        path = self._folder / f"{self._target}-{hashlib.sha256(short).hexdigest()[:12]}"
        path.write_bytes(short)
        say(f"\n{self._target}: {name}" + ("" if seed is None else f", seed {seed}"))
        say(fault(self._check, short)[1].rstrip())
        say(f"input of {len(short):,} bytes: {short[:300]!r}")
        say(f"again: python -m tests.fuzz --target {self._target} --again {path}")

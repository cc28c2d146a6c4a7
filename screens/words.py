"""Writes to standard output and standard error, for commands without a screen."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from wizard.findings import counted, size
from wizard.machine.inert import shown

if TYPE_CHECKING:
    from wizard.reading.log.files import Progress

WHAT = (
    "Mail does not leave. The queue says 421 4.4.1 Connection timed out; the Send connector's log says "
    "TLS negotiation failed with error UnknownCredentials."
)

HOW = (
    "This wizard takes you through Microsoft KB 4051498, one step after another: it reads what you paste, writes the "
    "command for your connector and your certificate, and proves that it worked. It runs nothing and changes nothing: "
    "you copy each command into the Exchange Management Shell."
)

REMINDER = "Answer N to its question."

ALONE = "{step.alone} shows it alone, to be marked."

NOT_FOR_THE_SHELL = "It is a record: do not paste it into the shell, where every line would run."

NO_TEXT_HERE = (
    "This step takes no text, and what was pasted is nothing the wizard knows. Go to the step it belongs to and paste "
    "it there."
)


def columns_of_output() -> int | None:
    """The columns of the terminal that standard output is; None if it is none, or they are unknown."""
    try:
        return (os.get_terminal_size(sys.stdout.fileno()).columns or None) if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None


PROGRAM = "exchange-cert-wizard"
"""The name of its command."""


def program() -> str:
    """The program as it was started, to be typed once more: its name alone where the shell finds just this one."""
    started = Path(sys.argv[0])
    if started.parts[-2:] == ("screens", "__main__.py"):
        return "python -m screens"
    if started.stem != PROGRAM:
        return PROGRAM
    named = started.parent == Path()
    found = Path(shutil.which(PROGRAM) or "")
    # PowerShell starts nothing of the folder it is in by its name alone.
    if found.parent != Path() and (named or found.with_suffix("") == started.with_suffix("")):
        return PROGRAM
    written = f"{os.curdir}{os.sep}{started}" if named else str(started)
    return f'"{written}"' if " " in written else written


BURST = 0.03
"""Seconds between keys within which a TAB is part of a paste, not a wish to move on."""


def coming_in(characters: int) -> str:
    """The words shown while a paste is coming in."""
    return f"A paste is coming in: {size(characters)} so far..."


def how_much(text: str) -> str:
    """The size of a text and its rows: `5.0 MB, 40,301 rows`."""
    rows = (text.count("\n") or text.count("\r")) + (not text.endswith(("\n", "\r")))
    return f"{size(len(text))}, {counted(rows, 'row')}"


BETWEEN_REPORTS = 0.1
"""Seconds between two progress reports."""

FIRST_RATE = 0.5
"""Seconds before a rate is meaningful."""


class Teller:
    """Reports now and then the file being read, the share done, and the speed. Called from any thread."""

    def __init__(self, tell: Callable[[str], None], afterwards: str = "", now: Callable[[], float] = monotonic) -> None:
        self._tell = tell
        self._afterwards = afterwards
        self._now = now
        self._begun = self._last = now()

    def __call__(self, progress: Progress) -> None:
        """Report, unless that was just done."""
        now = self._now()
        if now - self._last > BETWEEN_REPORTS:
            self._last = now
            self._tell(self._words(progress, now - self._begun))

    def _words(self, progress: Progress, seconds: float) -> str:
        done, total = progress.done_bytes, max(progress.total_bytes, 1)
        rate = f", {size(int(done / seconds))}/s" if seconds >= FIRST_RATE else ""
        words = f"Reading {progress.file}: {100 * done // total} %, {size(done)} of {size(total)}{rate}."
        return f"{words} {self._afterwards}".rstrip()


def say(text: str) -> None:
    """Print text on standard output."""
    sys.stdout.write(f"{shown(text)}\n")


def complain(sentence: str) -> None:
    """Print a sentence on standard error, behind the program's name."""
    sys.stderr.write(shown(f"exchange-cert-wizard: {sentence}\n"))


def failed(sentence: str) -> int:
    """Complain; the exit status of a failed command."""
    complain(sentence)
    return 2

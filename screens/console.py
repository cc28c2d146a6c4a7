"""The console this process runs in, measured: for every front end that draws, and for the doctor."""

from __future__ import annotations

import os
import shutil
import sys

from wizard.machine.console import Console, Measured, look
from wizard.machine.copying import in_container
from wizard.machine.settings import Settings


def console_here() -> Console:
    """The console that this process runs in."""
    return look(os.environ, measure())


def ascii_for(settings: Settings) -> str:
    """The encoding that the console carries where it must be drawn to with ASCII; empty where Unicode will do."""
    console = console_here()
    return console.carries if console.why_ascii(settings) else ""


def measure() -> Measured:
    """What cannot be read from the environment."""
    return Measured(
        sys.platform,
        _size(),
        sys.stdin is not None and sys.stdin.isatty(),
        sys.stdout.isatty(),
        sys.stdout.encoding or "ascii",
        _code_page(),
        in_container(os.environ),
    )


def _size() -> tuple[int, int] | None:
    """Columns and lines of the window, from whichever stream is a terminal; None when none is."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None:
                columns, lines = os.get_terminal_size(stream.fileno())
                # A serial line does not tell its size and gives 0: then COLUMNS and LINES say it, or 80 by 24 is taken.
                usual = shutil.get_terminal_size()
                return columns or usual.columns, lines or usual.lines
        except (OSError, ValueError):
            continue
    return None


def _code_page() -> int | None:
    """The code page of the Windows console for output; None elsewhere, and where there is no console."""
    if sys.platform != "win32":
        return None
    import ctypes  # noqa: PLC0415 - only Windows needs it

    return int(ctypes.windll.kernel32.GetConsoleOutputCP()) or None

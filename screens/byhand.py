"""A text shown alone in the terminal, to be marked and copied by hand: the way that is left everywhere.

It stands outside the full-screen program, where the terminal itself breaks the line: what is marked
over several rows is one line on the clipboard. There the mouse is the terminal's own as well, and
the text stays in the scrollback.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
import textwrap
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from screens.shown import shown

HOW = (
    "Mark the text with the mouse, from its first character to its last, and copy it as this terminal does: "
    "Ctrl+Shift+C in most, Enter or a right-click in the Windows console, Cmd+C on a Mac."
)
ONE_LINE = "It is one line, however many rows it fills here: mark it whole."
TALL = "It is taller than this window: take it from the file."
GO_BACK = "Press Enter to go back."


def around(
    text: str, why: str, path: Path | None, afterwards: str, size: tuple[int, int]
) -> tuple[list[str], list[str]]:
    """The lines before the text and after it, in a window of `size` columns and rows; the text stands by itself."""
    columns, rows = size
    needed = sum(max(1, -(-len(line) // columns)) for line in text.split("\n"))
    before = _wrapped((why, HOW, "" if "\n" in text else ONE_LINE), columns)
    after = _wrapped((afterwards, TALL if path and needed > rows - 8 else ""), columns)
    after += ["It is in this file as well:", str(path)] if path else ["It could not be saved to a file as well."]
    return [shown(line) for line in before], [shown(line) for line in (*after, GO_BACK)]


def _wrapped(sentences: Sequence[str], columns: int) -> list[str]:
    """The sentences that say something, each broken between words; only the text itself is left to the terminal."""
    return [line for sentence in sentences for line in textwrap.wrap(sentence, max(columns - 1, 20))]


def show_alone(app: App[None], text: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Leave the full screen, show the text and wait for Enter; False where the full screen cannot be left.

    Nothing else of the program goes on meanwhile on the screen's thread.
    """
    try:
        with app.suspend(), _ctrl_c_does_nothing():
            _write(_alone(text, before, after))
            _wait_for_enter()
    except SuspendNotSupported:
        return False
    return True


def _alone(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Everything, below so many empty rows that nothing else is in sight; without a control sequence."""
    said = "\n\n".join(("\n".join(before), shown(text), "\n".join(after)))
    return "\n" * shutil.get_terminal_size().lines + said + "\n"


def _write(text: str) -> None:
    out = sys.__stdout__
    if out is None:
        return
    # The terminal may be gone, or its encoding older than the text.
    with contextlib.suppress(OSError):
        out.write(text.encode(out.encoding, "replace").decode(out.encoding))
        out.flush()


def _wait_for_enter() -> None:
    """Until Enter, or the end of input."""
    with contextlib.suppress(OSError, KeyboardInterrupt, EOFError):
        if sys.__stdin__ is not None:
            sys.__stdin__.readline()


@contextlib.contextmanager
def _ctrl_c_does_nothing() -> Iterator[None]:
    """Ctrl+C is what copies elsewhere, so here it is pressed by habit; it must not end the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)

"""The program line by line, on the process's own streams: from the arguments to the exit status."""

from __future__ import annotations

import io
import os
import sys

from screens.plain.asking import EditedAsker, LineAsker
from screens.plain.wizard import PlainWizard
from screens.saving import save_summary
from screens.shown import shown
from wizard.case import Case
from wizard.clipboard import system_clipboard
from wizard.sample import sample_case

LEFT, FAULT, INTERRUPTED = 0, 1, 130
"""Exit status: quit or the end of input; a fault of the program's own; Ctrl+C, as shells have it."""


def write(line: str) -> None:
    """Print a line at once, without anything in it that a terminal could act on."""
    print(shown(line), flush=True)  # noqa: T201 - this front end is its printed lines


def run(sample: bool, edited: bool) -> int:
    """Lead through a case; `edited` asks with an editor for the answer. The exit status says how it ended."""
    for stream, typed in ((sys.stdin, sys.stdin.isatty()), (sys.stdout, sys.stdout.isatty())):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal has its own encoding; what is piped or kept in a file is UTF-8.
            stream.reconfigure(encoding=None if typed else "utf-8", errors="replace")
    case = sample_case() if sample else Case()
    wizard = PlainWizard(case, (EditedAsker if edited else LineAsker)(write), write, system_clipboard())
    try:
        return _run(wizard)
    except KeyboardInterrupt:
        # Pressed once more, while the summary was printed.
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads any more; at its end Python would write what is left, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT


def _run(wizard: PlainWizard) -> int:
    """Run it; however it ends, nothing of the case is lost."""
    ended, status = "", LEFT
    try:
        wizard.run()
    except KeyboardInterrupt:
        ended, status = "Ended with Ctrl+C.", INTERRUPTED
    except EOFError:
        ended = "Ended with the end of input."
    except BrokenPipeError:
        _saved(wizard)
        raise
    except Exception as fault:  # noqa: BLE001 - no traceback reaches the screen, and the case is saved
        from screens.fault import last_words  # noqa: PLC0415 - needs Textual, which nothing else here does

        ended, status = last_words(fault), FAULT
    if ended:
        # Saved before anything is written: it may be the terminal that has gone.
        saved = _saved(wizard)
        write(f"{ended}\n{saved}".rstrip())
    if wizard.begun:
        wizard.say_summary()
    return status


def _saved(wizard: PlainWizard) -> str:
    """Where the summary was saved to; empty for a case without anything in it."""
    return save_summary(wizard.case, wizard.save_into, wizard.now()) if wizard.begun else ""

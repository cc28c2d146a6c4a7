"""`exchange-cert-wizard doctor`: looks at the console it is run in, and says what the wizard will do there."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from screens.consolehere import console_here
from screens.shown import shown
from wizard import __version__
from wizard.checkup import Checkup, Place, Trial, Tried, as_data, rows
from wizard.clipboard import Clipboard, ClipboardError, Proof, copy, system_clipboard
from wizard.copyroutes import Route, routes, session_here
from wizard.places import cases_folder, reports_folder, settings_file
from wizard.settings import Settings, load

if TYPE_CHECKING:
    from screens.keymap import Keymap

MOST_HELD = 1_000_000
"""Characters up to which what the clipboard holds is taken away and put back; more could be lost on the way."""

TRIES, PAUSE = 3, 0.2
"""How often it is tried to put back what the clipboard held, and the seconds between."""

_SAMPLE = "exchange-cert-wizard doctor"
_WORD = 12
_WIDEST = 100


NOT_THE_WAY = "Not tried: the clipboard of this computer is not the way from here."


def main(json_wanted: bool) -> int:
    """The command, on the process's own streams; the exit status is 0 when one can work here, otherwise 1."""
    checkup = examine(system_clipboard())
    write(checkup, json_wanted, sys.stdout)
    return 0 if checkup.well else 1


def examine(clipboard: Clipboard) -> Checkup:
    """Look at everything; takes seconds where the clipboard does not answer."""
    file = settings_file()
    settings = load(file)
    ways = routes(settings.copy, session_here())
    keys = _keys(settings)
    return Checkup(
        console_here(),
        settings,
        try_clipboard(clipboard) if Route.SYSTEM in ways else Tried(Trial.NOT_TRIED, NOT_THE_WAY),
        Place(file, file.exists()),
        _folder(cases_folder()),
        _folder(reports_folder()),
        ways,
        keys.name("step.paste") if keys else "F4",
        {each: written for each, written in settings.keys.items() if keys and each in keys.changed},
        keys.problems if keys else (),
    )


def _keys(settings: Settings) -> Keymap | None:
    """The keys as they are set; None where none is, and nothing of the full screen need be loaded."""
    if not settings.keys:
        return None
    from screens import later  # noqa: PLC0415
    from screens.app import WizardApp  # noqa: PLC0415
    from screens.keymap import keymap  # noqa: PLC0415

    # As the app does: whether an id is right is known once all that have keys are there.
    later.load()
    later.load_practice()
    return keymap(settings.keys, WizardApp)


def write(checkup: Checkup, json_wanted: bool, out: TextIO) -> None:
    """The checkup as lines no wider than the window, or as JSON."""
    if json_wanted:
        out.write(json.dumps(as_data(checkup), indent=2) + "\n")
        return
    size = checkup.console.measured.size
    width = min(size[0] - 1, _WIDEST) if size and checkup.console.measured.output_is_terminal else None
    out.write(f"exchange-cert-wizard {__version__}\n")
    for word, said in rows(checkup):
        out.write(_row(word, shown(said), width) + "\n")


def try_clipboard(clipboard: Clipboard, sleep: Callable[[float], object] = time.sleep) -> Tried:
    """Copy a text, read it back and put back what was there; what is no text, or cannot be read, stays untouched."""
    try:
        held = clipboard.read()
    except ClipboardError as error:
        return Tried(Trial.UNREAD, f"Not tried, so that nothing there is lost. {error}")
    if not held:
        return Tried(
            Trial.NOT_TRIED,
            "Not tried: the clipboard holds no text, and what else it may hold would be lost. "
            "Copy a word and run this again.",
        )
    if len(held) > MOST_HELD or "\ufffd" in held:
        return Tried(Trial.NOT_TRIED, "Not tried: what the clipboard holds might not come back whole.")
    # Told apart from what an earlier run may have left there.
    sample = f"{_SAMPLE} {os.getpid()} {time.time_ns()}"
    try:
        copied = copy(sample, clipboard)
    finally:
        # After Ctrl+C too.
        back = _put_back(held, sample, clipboard, sleep)
    if copied.proof is Proof.PROVEN:
        return Tried(Trial.PROVEN, f"This computer's clipboard works: copied, and read back. {back}")
    return Tried(Trial.FAILED, f"{copied.sentence} {back}")


def _put_back(held: str, sample: str, clipboard: Clipboard, sleep: Callable[[float], object]) -> str:
    """Put back what was there, unless another program has put something there since; says what became of it."""
    for attempt in range(TRIES):
        if attempt:
            sleep(PAUSE)
        try:
            now = clipboard.read()
            if now == held:
                return "What was there is there again."
            if now and sample not in now:
                return "Another program has put something else there since; that was left alone."
        except ClipboardError:
            pass  # Not to be read is no reason not to write.
        if copy(held, clipboard).proof is Proof.PROVEN:
            return "What was there is there again."
    return "What was there could not be put back: copy it once more."


def _row(word: str, said: str, width: int | None) -> str:
    first = word.ljust(_WORD)
    if width is None or width < 3 * _WORD:
        return f"{first}{said}"
    return textwrap.fill(
        said, width, initial_indent=first, subsequent_indent=" " * _WORD, break_long_words=False, break_on_hyphens=False
    )


def _folder(folder: Path) -> Place:
    """A folder, and whether a file can be written to it or to the nearest one above it that is there."""
    nearest = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    trouble = ""
    try:
        # Only a file that is written proves it: on Windows the folder's attributes say nothing. It is gone at once.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        trouble = error.strerror or type(error).__name__
    return Place(folder, folder.exists(), trouble)

"""Saving on exit: the case, the summary as a text file, and the words about them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from screens.words import program
from wizard.case.case import Case
from wizard.case.keeper import READ_ONLY, Keeper
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import shown

NOT_KEPT = "What stood in the field could not be kept."

TOO_LARGE = "A text that was being read is too large to be kept: give it again."

NO_CASE = "The sample is not saved."


def save_summary(case: Case, folder: Path, now: datetime) -> str:
    """Write the summary to a new file in the folder; returns a sentence with its place, or why it failed."""
    from wizard.record.summary import summary  # noqa: PLC0415 - the first screen saves nothing

    try:
        path = write_new(folder / f"exchange-cert-wizard-{now:%Y%m%d-%H%M%S}.txt", shown(summary(case)) + "\n")
    except NotWrittenError as error:
        return f"Not saved. {error}"
    return f"Saved: {path}"


def leave(keeper: Keeper, elsewhere: Path | None = None, plain: bool = False) -> tuple[bool, str]:
    """Save the case at the end; returns whether that worked, and the last words about it (none without a case).

    `plain` continues it line by line. If the casebook's disk refuses it, it goes to `elsewhere`, usually the folder for
    temporary files.
    """
    problem = keeper.save_now()
    if problem:
        return False, f"{problem}\n{keeper.rescue(elsewhere or Path(tempfile.gettempdir()))}"
    if keeper.id and not keeper.read_only:
        way = " --plain" if plain else ""
        return True, f"The case is saved. Go on with it:\n{program()} resume {keeper.id}{way}"
    return True, ""


def end_early(keeper: Keeper, gather: Callable[[], str], plain: bool = False) -> str:
    """Save the case when the program is ended early; returns the words about it, on one line.

    `gather` puts what stands unread in the fields into the case; it returns what could not be kept, in a sentence.
    """
    try:
        lost = gather()
    except Exception:  # noqa: BLE001 - it may be the very fault that ends the program, and the case is saved all the same
        lost = NOT_KEPT
    keeper.end_early()
    _well, saved = leave(keeper, plain=plain)
    if keeper.case.sample:
        saved = NO_CASE
    elif keeper.read_only:
        saved = READ_ONLY
    return " ".join(f"{lost}\n{saved}".split())

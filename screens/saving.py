"""What is saved as the program is left: the summary as a text file, the case, and the words about both."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from screens.shown import shown
from wizard.case import Case
from wizard.keeper import Keeper
from wizard.report import summary
from wizard.wholefile import NotWrittenError, write_new


def save_summary(case: Case, folder: Path, now: datetime) -> str:
    """Write the summary to a new file in the folder; a sentence says where it is, or why it is not."""
    try:
        path = write_new(folder / f"exchange-cert-wizard-{now:%Y%m%d-%H%M%S}.txt", shown(summary(case)) + "\n")
    except NotWrittenError as error:
        return f"Not saved. {error}"
    return f"Saved: {path}"


def leave(keeper: Keeper, elsewhere: Path | None = None, plain: bool = False) -> tuple[bool, str]:
    """Save the case at the end: whether nothing went wrong, and the last words about it; none for no case.

    `plain` goes on with it line by line.

    What the casebook's disk does not take is written to `elsewhere`, usually the folder for temporary files.
    """
    problem = keeper.save_now()
    if problem:
        return False, f"{problem}\n{keeper.rescue(elsewhere or Path(tempfile.gettempdir()))}"
    if keeper.id and not keeper.read_only:
        way = " --plain" if plain else ""
        return True, f"The case is saved. Go on with it: exchange-cert-wizard resume {keeper.id}{way}"
    return True, ""

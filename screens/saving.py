"""The summary with all commands as a text file: for when no clipboard works, and for when the program is left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from screens.shown import shown
from wizard.case import Case
from wizard.report import summary


def save_summary(case: Case, folder: Path, now: datetime) -> str:
    """Write the summary to a new file in the folder; a sentence says where it is, or why it is not."""
    path = folder / f"exchange-cert-wizard-{now:%Y%m%d-%H%M%S}.txt"
    try:
        path.write_text(shown(summary(case)) + "\n", encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        return f"Could not save to {path}: {error.strerror or error}"
    return f"Saved: {path}"

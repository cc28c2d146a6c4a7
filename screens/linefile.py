"""The file that a line for copying by hand is saved to."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

_MOST_IN_A_SECOND = 20
"""Files that one second may bring; nobody copies more often."""


def save(text: str, folders: Sequence[Path], now: datetime) -> Path | None:
    """The new file the text was written to, in the first of the folders that takes it; None when none does.

    Without a line end: one that is copied along would run the line when it is pasted.
    """
    for folder in folders:
        for number in range(1, _MOST_IN_A_SECOND + 1):
            another = f"-{number}" if number > 1 else ""
            path = folder / f"exchange-cert-wizard-line-{now:%Y%m%d-%H%M%S}{another}.txt"
            try:
                return _written(path, text)
            except FileExistsError:
                continue
            except OSError:
                break
    return None


def _written(path: Path, text: str) -> Path:
    """A file that was not there before, with the text; an OSError leaves none behind."""
    # Its line names servers and certificates, and the folder may be everybody's.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    return path


def folders(first: Path) -> tuple[Path, ...]:
    """Where the file may go: where the person's other files go, or the folder for what is not kept."""
    return (first, Path(tempfile.gettempdir()))

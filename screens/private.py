"""Files of the program's own that nobody but the person may read: drafts and reports, the newest few of each."""

from __future__ import annotations

import contextlib
from pathlib import Path

from wizard.wholefile import make_private, write_whole


def write_private(path: Path, text: str) -> Path:
    """Write a file, whole or not at all, with the folder it belongs to.

    Raises:
        OSError: it cannot be written.
    """
    make_private(path.parent)
    write_whole(path, text)
    return path


def keep_newest(folder: Path, pattern: str, kept: int) -> None:
    """Remove the oldest files whose names fit, as their names sort."""
    with contextlib.suppress(OSError):
        for old in newest_first(folder, pattern)[kept:]:
            old.unlink()


def newest_first(folder: Path, pattern: str) -> list[Path]:
    """The files whose names fit; their names begin with the time."""
    return sorted(folder.glob(pattern), reverse=True)

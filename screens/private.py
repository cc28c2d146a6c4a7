"""Files that nobody but the person may read."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_private(path: Path, text: str) -> Path:
    """Write a file that nobody but the person may read, where the platform knows of that; whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
    return path


def keep_newest(folder: Path, pattern: str, kept: int) -> None:
    """Remove the oldest files whose names fit, as their names sort."""
    with contextlib.suppress(OSError):
        for old in newest_first(folder, pattern)[kept:]:
            old.unlink()


def newest_first(folder: Path, pattern: str) -> list[Path]:
    """The files whose names fit; their names begin with the time."""
    return sorted(folder.glob(pattern), reverse=True)

"""Logs read row by row, whatever their size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wizard.facts import LogReading
from wizard.reading.log.files import Progress, log_files, never, read_files
from wizard.reading.log.rows import LogNotes


def read_path(
    path: Path, progress: Callable[[Progress], None] | None = None, cancelled: Callable[[], bool] = never
) -> LogReading:
    notes = LogNotes()
    return read_files(log_files(path, notes), notes, progress, cancelled, alone=path.is_file())

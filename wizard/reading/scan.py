"""A folder of Send protocol logs scanned at disk speed: every failed handshake, without reading every row.

Rows that say a handshake failed are found by their bytes; from each, the rows of its session are
gathered and read as any other row is. A folder in which a log is not as Exchange writes it (another
encoding, wrapped rows, rows that are not plain) is read row by row instead, with the same result.

Not seen is a failure whose phrase itself is broken in a log that otherwise begins well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby

from wizard.facts import FailureGroup, LogReading
from wizard.reading.blocks import Limits
from wizard.reading.folder import LogFile, merged, never, read_files
from wizard.reading.gather import Logs
from wizard.reading.heads import Strange
from wizard.reading.rows import Notes
from wizard.reading.scanning import Pace, Scan, Tell
from wizard.reading.sendlog import counted, occurrences
from wizard.reading.tally import Tally

USUAL = Limits()


def scan_files(
    files: list[LogFile],
    notes: Notes,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    alone: bool = False,
    newest: bool = False,
    unconnected: bool = False,
    limits: Limits = USUAL,
) -> LogReading:
    """The failed handshakes of these logs, counted as `read_files` would, each group with its first handshake only.

    Memory does not grow with the logs, but for some 60 bytes for each handshake that failed.

    Args:
        files: the logs, folder by folder and in natural order.
        notes: where what was mended or left unread is noted.
        progress: called after each piece that was looked through.
        cancelled: asked after each piece; what was found until then is returned, the rest listed as unread.
        alone: a file that is no text is refused instead of being listed.
        newest: each group with its last handshake, too.
        unconnected: also count the connections that failed.
        limits: how much is read at once, and how far a session is followed.

    Raises:
        Refused: with `alone`, the file is not text.
    """
    readings: list[LogReading] = []
    for folder, pace in _folders(files, progress, cancelled):
        own = Notes()
        logs = Logs(folder, own, limits)
        logs.numbering = False
        tally = Tally(logs)
        try:
            reading = Scan(logs, tally, own, pace, unconnected).reading(alone)
            groups, found = tally.groups(newest), tally.occurrences
        except Strange:
            own = Notes()
            reading = read_files(folder, own, pace.of_reader, pace.cancelled, alone=alone, failed_only=True)
            groups, found = tuple(_shortened(reading, newest)), occurrences(reading)
        notes.add(own.mended, own.unread)
        examples = tuple(handshake for group in groups for handshake in group.handshakes)
        names = reading.connectors or tuple(dict.fromkeys(handshake.connector for handshake in examples))
        readings.append(replace(reading, handshakes=examples, connectors=names, counted=groups, occurrences=found))
    return merged(readings, notes)


def _folders(
    files: list[LogFile], progress: Tell | None, cancelled: Callable[[], bool]
) -> Iterator[tuple[list[LogFile], Pace]]:
    """The logs folder by folder, and the pace that all of them share."""
    pace = Pace(sum(file.size for file in files), progress, cancelled)
    for _, group in groupby(files, key=lambda file: file.path.parent):
        folder = list(group)
        yield folder, pace
        pace.done += sum(file.size for file in folder)


def _shortened(reading: LogReading, newest: bool) -> Iterator[FailureGroup]:
    """The groups of a folder that was read row by row, with as many handshakes as a scan gives."""
    for group in counted(reading):
        last = max(group.handshakes, key=lambda handshake: handshake.time)
        more = (last,) if newest and last is not group.handshakes[0] else ()
        yield replace(group, handshakes=(group.handshakes[0], *more))

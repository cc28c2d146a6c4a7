"""Protocol logs of any size, the way that fits: a few row by row, a site's whole folder by scanning it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from wizard.facts import Handshake, LogReading
from wizard.reading.folder import LogFile, Progress, never, read_files
from wizard.reading.newest import newest_pending, newest_successes
from wizard.reading.rows import Notes
from wizard.reading.scan import scan_files

WHOLE_BYTES = 16 * 1024 * 1024
"""Logs of up to this size together are read whole: every row, every success, every certificate without an outcome."""

MOST_SUCCESSES = 24
"""So many of the newest successes say whether a connector works."""


def read_logs(
    files: list[LogFile],
    notes: Notes,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    connector: str = "",
    since: str = "",
    alone: bool = False,
) -> LogReading:
    """What these logs show.

    Where they are too large to be read whole, all failures are counted and of the successes the
    newest are looked for. Connections that failed, and certificates without an outcome, are looked
    for only where no handshake was found.

    Args:
        files: the logs, folder by folder and in natural order.
        notes: where what was mended or left unread is noted.
        progress: called after each piece.
        cancelled: asked after each piece; what was found until then is returned, the rest listed as unread.
        connector: the Send connector that is meant, where it is known.
        since: the time from which successes of the connector count, ISO 8601 in UTC; empty for any.
        alone: a file that is no text is refused instead of being listed.

    Raises:
        Refused: with `alone`, the file is not text.
    """
    if sum(file.size for file in files) <= WHOLE_BYTES:
        return read_files(files, notes, progress, cancelled, alone=alone)
    reading = scan_files(files, notes, progress, cancelled, alone=alone, newest=bool(since))
    successes = {
        (each.line.source, each.line.number): each for each in _successes(files, reading, connector, since, cancelled)
    }
    if not reading.handshakes and not successes and reading.first and not cancelled():
        again = scan_files(files, Notes(), progress, cancelled, alone=alone, unconnected=True)
        pending = newest_pending(files, MOST_SUCCESSES, cancelled)
        reading = replace(reading, connection_failures=again.connection_failures, pending=pending)
    found = (*reading.handshakes, *successes.values())
    return replace(
        reading,
        handshakes=tuple(sorted(found, key=lambda handshake: handshake.time)),
        connectors=tuple(
            dict.fromkeys((*reading.connectors, *(handshake.connector for handshake in successes.values())))
        ),
    )


def _successes(
    files: list[LogFile], reading: LogReading, connector: str, since: str, cancelled: Callable[[], bool]
) -> Iterator[Handshake]:
    """The newest successes of any connector, of the one that is meant, and of each that failed since it did."""
    failing: dict[str, str] = {}
    for group in reading.counted or ():
        failing[group.connector] = min(failing.get(group.connector, group.last), group.last)
    wanted = {"": "", **failing, **({connector: since} if connector else {})}
    for name, time in wanted.items():
        yield from newest_successes(files, name, time, MOST_SUCCESSES, cancelled)

"""A folder of Send protocol logs scanned at disk speed: every failed handshake, without reading every row.

Rows that say a handshake failed are found by their bytes; from each, the rows of its session are
gathered and read as any other row is. A folder in which a log is not as Exchange writes it (another
encoding, wrapped rows, rows that are not plain) is read row by row instead, with the same result.

Not seen is a failure whose phrase itself is broken in a log that otherwise begins well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import groupby

from wizard.facts import FailureGroup, Handshake, LogReading
from wizard.reading.blocks import Limits
from wizard.reading.contexts import succeeded
from wizard.reading.folder import LogFile, merged, never, read_files
from wizard.reading.gather import Logs, Place
from wizard.reading.heads import Strange
from wizard.reading.occurrences import Occurrences
from wizard.reading.rows import Notes
from wizard.reading.scanning import Pace, Scan, Tell, read_heads
from wizard.reading.sendlog import counted
from wizard.reading.tally import Tally

USUAL = Limits()

SUCCEEDED = b"_CLIENT negotiation succeeded "


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
            groups, occurrences = tally.groups(newest), tally.occurrences
        except Strange:
            own = Notes()
            reading = read_files(folder, own, pace.of_reader, pace.cancelled, alone=alone, failed_only=True)
            groups, occurrences = tuple(_shortened(reading, newest)), Occurrences(reading.handshakes)
        notes.add(own.mended, own.unread)
        examples = tuple(handshake for group in groups for handshake in group.handshakes)
        names = reading.connectors or tuple(dict.fromkeys(handshake.connector for handshake in examples))
        readings.append(
            replace(reading, handshakes=examples, connectors=names, counted=groups, occurrences=occurrences)
        )
    return merged(readings, notes)


def newest_successes(
    files: list[LogFile],
    connector: str,
    since: str,
    most: int = 50,
    cancelled: Callable[[], bool] = never,
    limits: Limits = USUAL,
) -> tuple[Handshake, ...]:
    """The newest successful handshakes of a connector, newest first, each with its certificates.

    The logs are read backwards from the newest and no further than needed.

    Args:
        files: the logs, folder by folder and in natural order.
        connector: the connector's name; empty for any.
        since: ISO 8601 in UTC as the log has it; earlier handshakes are left out.
        most: so many are enough, in each folder.
        cancelled: asked before each piece.
        limits: how much is read at once, and how far a session is followed.
    """
    found: list[Handshake] = []
    wanted = _Wanted(connector, since, most)
    for _, group in groupby(files, key=lambda file: file.path.parent):
        folder = list(group)
        try:
            found += _newest(folder, wanted, cancelled, limits)
        except Strange:
            reading = read_files(folder, Notes(), None, cancelled)
            found += [each for each in reversed(reading.handshakes) if each.error is None and wanted.has(each)][:most]
    return tuple(sorted(found, key=lambda handshake: handshake.time, reverse=True)[:most])


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


class _Wanted:
    """Which successes are looked for."""

    def __init__(self, connector: str, since: str, most: int) -> None:
        self.connector = connector
        self.since = since
        self.most = most

    def has(self, handshake: Handshake) -> bool:
        """Whether it is one of them."""
        return handshake.time >= self.since and self.names(handshake.connector)

    def names(self, connector: str) -> bool:
        """Whether it is the connector, or none is named; Exchange compares names without regard to case."""
        return not self.connector or connector.casefold() == self.connector.casefold()


def _newest(files: list[LogFile], wanted: _Wanted, cancelled: Callable[[], bool], limits: Limits) -> list[Handshake]:
    """The newest of one folder's logs.

    Raises:
        Strange: the logs are not as Exchange writes them.
    """
    logs = Logs(files, Notes(), limits)
    read_heads(logs, Notes(), alone=False)
    found: dict[Place, Handshake] = {}
    for index in sorted(logs.heads, reverse=True):
        if cancelled():
            break
        try:
            with ExitStack() as stack:
                places = logs.opened(index, stack).from_behind(SUCCEEDED, limits.piece, cancelled)
                if not _newest_in(logs, index, places, wanted, found):
                    break
        except OSError:
            continue
    return [handshake for _, handshake in sorted(found.items(), key=lambda each: each[0], reverse=True)][: wanted.most]


def _newest_in(logs: Logs, index: int, places: Iterator[int], wanted: _Wanted, found: dict[Place, Handshake]) -> bool:
    """Takes those of one file; False when no older ones are wanted."""
    for place in places:
        if not logs.may_name(index, place, wanted.connector):
            continue
        row = logs.row_at(index, place)
        if row is None or row.row.event != "*" or logs.received(index, row.row) or not succeeded(row.row.context):
            continue
        if row.row.time < wanted.since or len(found) >= wanted.most:
            return False
        if row.place not in found and (not row.row.connector or wanted.names(row.row.connector)):
            shown = logs.handshakes_of(logs.session_at(row))
            found.update((at, each) for at, each in shown if each.error is None and wanted.has(each))
    return True

"""A folder of Send protocol logs scanned at disk speed: every failed handshake, without reading every row.

Rows that say a handshake failed are found by their bytes; from each, the rows of its session are
gathered and read as any other row is. A folder in which a log is not as Exchange writes it (another
encoding, wrapped rows, rows that are not plain) is read row by row instead, with the same result.

Not seen is a failure whose phrase itself is broken in a log that otherwise begins well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from wizard.facts import FailureGroup, Handshake, LogReading
from wizard.reading.blocks import Limits
from wizard.reading.contexts import succeeded
from wizard.reading.folder import LogFile, log_files, merged, never, read_files
from wizard.reading.gather import Logs, Place
from wizard.reading.heads import Strange
from wizard.reading.rows import Notes
from wizard.reading.scanning import SUCCEEDED, Pace, Scan, Tell, read_heads
from wizard.reading.sendlog import failures, group_of, ranked
from wizard.reading.tally import Tally

USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a scan counted: `reading` without the handshakes but each group's first, and the groups themselves.

    A group's `handshakes` are its first one only; `sessions`, `first` and `last` are of all.
    """

    reading: LogReading
    groups: tuple[FailureGroup, ...]


def scan_path(
    path: Path,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    count_successes: bool = False,
    limits: Limits = USUAL,
) -> LogReading:
    """Every failed handshake in a log file, or in all `*.log` and `*.txt` files in and under a folder.

    They are equal to those that `read_path` gives. Successes are left out, and counted if asked for.

    Args:
        path: a file or a folder; a UNC path will do.
        progress: called after each piece that was looked through.
        cancelled: asked after each piece; what was found until then is returned, the rest listed as unread.
        count_successes: also count the handshakes that succeeded.
        limits: how much is read at once, and how far a session is followed.

    Raises:
        Refused: there is nothing here, no log in the folder, or the one file is not text.
    """
    notes = Notes()
    readings = []
    for files, pace in _folders(path, notes, progress, cancelled):
        own, kept = Notes(), _Kept()
        logs = Logs(files, own, limits)
        try:
            reading = Scan(logs, kept, own, pace, count_successes).reading(path.is_file())
            found = kept.handshakes()
            reading = replace(
                reading, handshakes=found, connectors=tuple(dict.fromkeys(handshake.connector for handshake in found))
            )
        except Strange:
            reading, own = _row_by_row(files, pace, alone=path.is_file())
        notes.add(own.mended, own.unread)
        readings.append(reading)
    return merged(readings, notes)


def summarise(
    path: Path,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    count_successes: bool = False,
    limits: Limits = USUAL,
) -> Summary:
    """The failed handshakes as `scan_path` finds them, counted by connector, error and certificate and not kept.

    Memory does not grow with the logs: of each session that failed, only a number is kept.

    Args:
        path: a file or a folder; a UNC path will do.
        progress: called after each piece that was looked through.
        cancelled: asked after each piece; what was found until then is returned, the rest listed as unread.
        count_successes: also count the handshakes that succeeded.
        limits: how much is read at once, and how far a session is followed.

    Raises:
        Refused: there is nothing here, no log in the folder, or the one file is not text.
    """
    notes = Notes()
    readings: list[LogReading] = []
    parts: list[FailureGroup] = []
    for files, pace in _folders(path, notes, progress, cancelled):
        own = Notes()
        logs = Logs(files, own, limits)
        logs.numbering = False
        tally = Tally(logs)
        try:
            reading = Scan(logs, tally, own, pace, count_successes).reading(path.is_file())
            groups = tally.groups()
        except Strange:
            reading, own = _row_by_row(files, pace, alone=path.is_file())
            groups = [replace(group, handshakes=group.handshakes[:1]) for group in failures(reading)]
        notes.add(own.mended, own.unread)
        parts += groups
        firsts = tuple(handshake for group in groups for handshake in group.handshakes)
        connectors = reading.connectors or tuple(dict.fromkeys(handshake.connector for handshake in firsts))
        readings.append(replace(reading, handshakes=firsts, connectors=connectors))
    return Summary(merged(readings, notes), ranked(_together(parts)))


def newest_successes(
    path: Path,
    connector: str,
    since: str,
    most: int = 50,
    cancelled: Callable[[], bool] = never,
    limits: Limits = USUAL,
) -> tuple[Handshake, ...]:
    """The newest successful handshakes of a connector, newest first, each with its certificates.

    The logs are read backwards from the newest and no further than needed.

    Args:
        path: a file or a folder.
        connector: the connector's name as the log has it; empty for any.
        since: ISO 8601 in UTC as the log has it; earlier handshakes are left out.
        most: so many are enough, in each folder.
        cancelled: asked before each file.
        limits: how much is read at once, and how far a session is followed.

    Raises:
        Refused: there is nothing here or no log in the folder.
    """
    found: list[Handshake] = []
    for _, group in groupby(log_files(path, Notes()), key=lambda file: file.path.parent):
        files = list(group)
        wanted = _Wanted(connector, since, most)
        try:
            found += _newest(files, wanted, cancelled, limits)
        except Strange:
            reading = read_files(files, Notes(), None, cancelled)
            found += [each for each in reversed(reading.handshakes) if each.error is None and wanted.has(each)][:most]
    return tuple(sorted(found, key=lambda handshake: handshake.time, reverse=True)[:most])


class _Kept:
    """Failed handshakes, each kept whole."""

    def __init__(self) -> None:
        self._found: dict[Place, Handshake] = {}

    def handshakes(self) -> tuple[Handshake, ...]:
        """All of them in the order of their outcome rows."""
        return tuple(handshake for _, handshake in sorted(self._found.items(), key=lambda found: found[0]))

    def quickly(self, index: int, place: int) -> bool:  # noqa: ARG002
        """Each has to be built."""
        return False

    def known(self, place: Place) -> bool:
        """Whether the failure whose line begins here was taken."""
        return place in self._found

    def take(self, place: Place, handshake: Handshake) -> None:
        """Keeps a failed handshake."""
        self._found.setdefault(place, handshake)

    def forget(self, before: int) -> None:
        """Nothing is forgotten."""


def _folders(
    path: Path, notes: Notes, progress: Tell | None, cancelled: Callable[[], bool]
) -> Iterator[tuple[list[LogFile], Pace]]:
    """The logs at a path, folder by folder, and the pace that all of them share."""
    files = log_files(path, notes)
    pace = Pace(sum(file.size for file in files), progress, cancelled)
    for _, group in groupby(files, key=lambda file: file.path.parent):
        folder = list(group)
        yield folder, pace
        pace.done += sum(file.size for file in folder)


def _row_by_row(files: list[LogFile], pace: Pace, *, alone: bool) -> tuple[LogReading, Notes]:
    """The failed handshakes of one folder by the reader that mends, and its notes."""
    notes = Notes()
    return read_files(files, notes, pace.of_reader, pace.cancelled, alone=alone, failed_only=True), notes


def _together(parts: list[FailureGroup]) -> Iterator[FailureGroup]:
    """Groups of several folders, one for each connector, error and certificate."""
    groups: dict[tuple[str, str, str], FailureGroup] = {}
    for part in parts:
        key = group_of(part.handshakes[0])
        known = groups.get(key)
        groups[key] = (
            part
            if known is None
            else replace(
                known,
                sessions=known.sessions + part.sessions,
                first=min(known.first, part.first),
                last=max(known.last, part.last),
            )
        )
    yield from groups.values()


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
        """Whether it is the connector, or none is named."""
        return not self.connector or connector == self.connector


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
                if not _newest_in(
                    logs, index, logs.opened(index, stack).from_behind(SUCCEEDED, limits.piece), wanted, found
                ):
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

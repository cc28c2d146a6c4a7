"""A folder of Send protocol logs scanned at disk speed: every failed handshake, without reading every row.

Rows that say a handshake failed are found by their bytes; from each, the rows of its session are
gathered and read as any other row is. A folder in which a log is not as Exchange writes it (another
encoding, wrapped rows, rows that are not plain) is read row by row instead, with the same result.

Not seen is a failure whose phrase itself is broken in a log that otherwise begins well.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from wizard.facts import Direction, Handshake, Line, LogReading
from wizard.reading.blocks import Limits
from wizard.reading.contexts import failed, succeeded, unconnected
from wizard.reading.folder import LogFile, Progress, log_files, merged, never, read_files
from wizard.reading.gather import HEAD_BYTES, OUTCOME, Found, Logs, Place, Strange
from wizard.reading.rows import Notes, plain_row
from wizard.reading.sendlog import A_RECEIVE_LOG
from wizard.reading.text import Refused

UNCONNECTED = b"Failed to connect. Winsock error code: "
SUCCEEDED = b"_CLIENT negotiation succeeded "
HEADER_BEGINS = b"#Software: Microsoft Exchange Server"
_CANCELLED = "the reading was cancelled before the end of this file"
USUAL = Limits()

Tell = Callable[[Progress], None]


class _Stopped(Exception):
    """The person cancelled the scan."""


class _Pace:
    """How far a scan is over all folders, and whether it goes on."""

    def __init__(self, total: int, progress: Tell | None, cancelled: Callable[[], bool]) -> None:
        self.done = 0
        self._total = total
        self._progress = progress
        self.cancelled = cancelled

    def tell(self, source: str, done: int) -> None:
        """Reports bytes done in the file that is being read, and asks whether to go on."""
        if self._progress:
            self._progress(Progress(source, self.done + done, max(self._total, self.done + done)))
        if self.cancelled():
            raise _Stopped

    def of_reader(self, progress: Progress) -> None:
        """Passes on what the reader of rows reports."""
        if self._progress:
            done = self.done + progress.done_bytes
            self._progress(Progress(progress.file, done, max(self._total, done)))


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
    files = log_files(path, notes)
    pace = _Pace(sum(file.size for file in files), progress, cancelled)
    readings = []
    for _, group in groupby(files, key=lambda file: file.path.parent):
        folder = list(group)
        readings.append(_folder(folder, notes, pace, limits, alone=path.is_file(), counting=count_successes))
        pace.done += sum(file.size for file in folder)
    return merged(readings, notes)


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


def _folder(
    files: list[LogFile], notes: Notes, pace: _Pace, limits: Limits, *, alone: bool, counting: bool
) -> LogReading:
    """What the logs of one folder show, scanned if they are as Exchange writes them, read row by row if not."""
    own = Notes()
    try:
        reading = _Scan(files, own, pace, limits, counting).reading(alone)
    except Strange:
        own = Notes()
        reading = read_files(files, own, pace.of_reader, pace.cancelled, alone=alone, failed_only=True)
    notes.add(own.mended, own.unread)
    return reading


class _Scan:
    """One run over the logs of one folder."""

    def __init__(self, files: list[LogFile], notes: Notes, pace: _Pace, limits: Limits, counting: bool) -> None:
        self._files = files
        self._notes = notes
        self._pace = pace
        self._limits = limits
        self._counting = counting
        self._logs = Logs(files, notes, limits)
        self._found: dict[Place, Handshake] = {}
        self._connectors: dict[str, None] = {}
        self._unconnected = self._successes = self._bytes = 0
        self._last = ""

    def reading(self, alone: bool) -> LogReading:
        """What the logs show. `alone`: a single file that is no text is refused, not listed."""
        done = 0
        stopped = False
        _read_heads(self._logs, self._notes, alone)
        for index, file in enumerate(self._files):
            if index in self._logs.heads:
                try:
                    stopped = stopped or self._pace.cancelled()
                    if stopped:
                        raise _Stopped
                    self._look_through(index, done)
                except _Stopped:
                    stopped = True
                    self._notes.leave(Line("", 1, file.source), _CANCELLED)
                except OSError as error:
                    self._notes.leave(Line("", 1, file.source), _unreadable(error))
            done += file.size
            self._logs.forget(index - 2)
        return self._result()

    def _result(self) -> LogReading:
        """What was found, as a reading."""
        heads = [(self._files[index], head, index) for index, head in sorted(self._logs.heads.items())]
        received = [bool(head.first and self._logs.received(index, head.first)) for _, head, index in heads]
        for (_, head, _), receive in zip(heads, received, strict=True):
            if head.first and receive:
                self._notes.leave(head.first.line, A_RECEIVE_LOG)
        sent = any(
            head.direction is Direction.SEND or (head.first and not receive)
            for (_, head, _), receive in zip(heads, received, strict=True)
        )
        receive = any(received) or any(head.direction is Direction.RECEIVE for _, head, _ in heads)
        return LogReading(
            direction=Direction.SEND if sent else Direction.RECEIVE if receive else Direction.UNKNOWN,
            handshakes=tuple(handshake for _, handshake in sorted(self._found.items(), key=lambda found: found[0])),
            connectors=tuple(dict.fromkeys(handshake.connector for handshake in self._found.values())),
            connection_failures=self._unconnected,
            first=min((head.first.time for _, head, _ in heads if head.first), default=""),
            last=self._last,
            sources=tuple(file.source for file, _, _ in heads),
            scanned_bytes=self._bytes,
            successes=self._successes if self._counting else None,
        )

    def _look_through(self, index: int, done: int) -> None:
        """One file: the failures in it, and the connections that failed."""
        source = self._files[index].source
        needles = [OUTCOME, UNCONNECTED, HEADER_BEGINS, *([SUCCEEDED] if self._counting else [])]
        with ExitStack() as stack:
            log = self._logs.opened(index, stack)
            self._pace.tell(source, done)
            for end, (failures, unconnections, headers, *successes) in log.looked_through(needles, self._limits.piece):
                for place in headers:
                    self._check_header(index, place)
                for place in failures:
                    self._failure(index, place)
                for place in unconnections:
                    row = self._sent_row(index, place)
                    self._unconnected += row is not None and unconnected(row.row.context)
                for place in successes[0] if successes else ():
                    row = self._sent_row(index, place)
                    self._successes += row is not None and succeeded(row.row.context) is not None
                self._pace.tell(source, done + end)
            size = log.size()
            self._bytes += size
            self._last = max(self._last, self._last_time(log.window(size - HEAD_BYTES, size)))

    def _check_header(self, index: int, place: int) -> None:
        """A header in the middle of a file: where another log begins, it is for the reader of rows."""
        if place >= len(codecs.BOM_UTF8) + 1 and self._logs.another_log(index, place):
            raise Strange

    def _sent_row(self, index: int, place: int) -> Found | None:
        """The information row of a send log that has this place in its line; None if it is another."""
        found = self._logs.row_at(index, place)
        return found if found and found.row.event == "*" and not self._logs.received(index, found.row) else None

    def _failure(self, index: int, place: int) -> None:
        """Takes the handshakes of the session that has a failure here, unless it is known."""
        found = self._sent_row(index, place)
        if found and found.place not in self._found and failed(found.row.context):
            rows = self._logs.session_at(found)
            for at, handshake in self._logs.handshakes_of(rows):
                if handshake.error is not None:
                    self._found.setdefault(at, handshake)

    def _last_time(self, tail: bytes) -> str:
        """The time of the last row in the last bytes of a file; empty if there is none."""
        for raw in reversed(tail.split(b"\n")[:-1]):
            if row := plain_row(Line(raw.decode("utf-8", "replace").removesuffix("\r"), 1)):
                return row.time
        return ""


class _Wanted:
    """Which successes are looked for."""

    def __init__(self, connector: str, since: str, most: int) -> None:
        self._connector = connector
        self.since = since
        self.most = most

    def has(self, handshake: Handshake) -> bool:
        """Whether it is one of them."""
        return handshake.time >= self.since and self.names(handshake.connector)

    def names(self, connector: str) -> bool:
        """Whether it is the connector, or none is named."""
        return not self._connector or connector == self._connector


def _newest(files: list[LogFile], wanted: _Wanted, cancelled: Callable[[], bool], limits: Limits) -> list[Handshake]:
    """The newest of one folder's logs.

    Raises:
        Strange: the logs are not as Exchange writes them.
    """
    logs = Logs(files, Notes(), limits)
    _read_heads(logs, Notes(), alone=False)
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
        row = logs.row_at(index, place)
        if row is None or row.row.event != "*" or logs.received(index, row.row) or not succeeded(row.row.context):
            continue
        if row.row.time < wanted.since or len(found) >= wanted.most:
            return False
        if row.place not in found and (not row.row.connector or wanted.names(row.row.connector)):
            shown = logs.handshakes_of(logs.session_at(row))
            found.update((at, each) for at, each in shown if each.error is None and wanted.has(each))
    return True


def _read_heads(logs: Logs, notes: Notes, alone: bool) -> None:
    """Reads the begin of every log; a file without rows is left out, as are those that cannot be read.

    Raises:
        Refused: with `alone`, the file is not text.
        Strange: a log is not as Exchange writes it.
    """
    for index, file in enumerate(logs.files):
        try:
            logs.read_head(index)
        except OSError as error:
            notes.leave(Line("", 1, file.source), _unreadable(error))
        except Refused as refused:
            if alone:
                raise
            notes.leave(Line("", 1, file.source), str(refused))
        except Strange:
            reading = read_files([file], own := Notes())
            if reading.rows:
                raise
            notes.add(own.mended, own.unread)


def _unreadable(error: OSError) -> str:
    """Why a file could not be read."""
    return f"the file could not be read: {error.strerror or error}"

"""Protocol logs of any size, the way that fits: a few row by row, a site's whole folder by scanning it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import groupby, islice

from wizard.facts import Handshake, LogReading, Pending
from wizard.reading.log.files import LogFile, Progress, never, read_files
from wizard.reading.log.gather import Found, Logs, Place
from wizard.reading.log.rows import Notes, succeeded
from wizard.reading.log.scan import USUAL, read_heads, scan_files
from wizard.reading.log.windows import Limits, Strange

SUCCEEDED = b"_CLIENT negotiation succeeded "

SENT = b"Sending certificate"

Cancelled = Callable[[], bool]


def newest_successes(
    files: list[LogFile],
    connector: str,
    since: str,
    most: int = 50,
    cancelled: Cancelled = never,
    limits: Limits = USUAL,
) -> tuple[Handshake, ...]:
    """The newest successful handshakes of a connector, newest first, each with its certificates.

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
    for folder in _folders(files):
        try:
            found += _newest_successes(folder, wanted, cancelled, limits)
        except Strange:
            reading = read_files(folder, Notes(), None, cancelled)
            found += [each for each in reversed(reading.handshakes) if each.error is None and wanted.has(each)][:most]
    return tuple(sorted(found, key=lambda handshake: handshake.time, reverse=True)[:most])


def newest_pending(
    files: list[LogFile], most: int = 50, cancelled: Cancelled = never, limits: Limits = USUAL
) -> tuple[Pending, ...]:
    """The certificates of ours without an outcome, from the newest sessions that sent one.

    Args:
        files: the logs, folder by folder and in natural order.
        most: so many sessions are looked at, in each folder.
        cancelled: asked before each piece.
        limits: how much is read at once, and how far a session is followed.
    """
    found: list[Pending] = []
    for folder in _folders(files):
        try:
            logs = _opened(folder, limits)
            sent = (row for row in _rows(logs, SENT, cancelled) if row.row.event == "*")
            for row in islice(_first_of_session(sent), most):
                found += logs.pending_in(logs.session_at(row))
        except Strange:
            found += read_files(folder, Notes(), None, cancelled).pending
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which successes are looked for."""

    connector: str
    since: str
    most: int

    def has(self, handshake: Handshake) -> bool:
        """Whether it is one of them."""
        return handshake.time >= self.since and self.names(handshake.connector)

    def names(self, connector: str) -> bool:
        """Whether it is the connector, or none is named; Exchange compares names without regard to case."""
        return not self.connector or connector.casefold() == self.connector.casefold()


def _folders(files: list[LogFile]) -> Iterator[list[LogFile]]:
    for _, group in groupby(files, key=lambda file: file.path.parent):
        yield list(group)


def _opened(files: list[LogFile], limits: Limits) -> Logs:
    logs = Logs(files, Notes(), limits)
    read_heads(logs, Notes(), alone=False)
    return logs


def _newest_successes(files: list[LogFile], wanted: _Wanted, cancelled: Cancelled, limits: Limits) -> list[Handshake]:
    """Those of one folder.

    Raises:
        Strange: the logs are not as Exchange writes them.
    """
    logs = _opened(files, limits)
    found: dict[Place, Handshake] = {}
    for row in _rows(logs, SUCCEEDED, cancelled, wanted.connector):
        if row.row.event != "*" or not succeeded(row.row.context):
            continue
        if row.row.time < wanted.since or len(found) >= wanted.most:
            break
        if row.place not in found and (not row.row.connector or wanted.names(row.row.connector)):
            shown = logs.handshakes_of(logs.session_at(row))
            found.update((at, each) for at, each in shown if each.error is None and wanted.has(each))
    return [handshake for _, handshake in sorted(found.items(), key=lambda each: each[0], reverse=True)][: wanted.most]


def _rows(logs: Logs, needle: bytes, cancelled: Cancelled, connector: str = "") -> Iterator[Found]:
    """The rows of send logs with the needle in them, the newest first, of a connector where one is named."""
    for index in sorted(logs.heads, reverse=True):
        try:
            with ExitStack() as stack:
                for place in logs.opened(index, stack).from_behind(needle, logs.limits.piece, cancelled):
                    row = logs.row_at(index, place) if logs.may_name(index, place, connector) else None
                    if row and not logs.received(index, row.row):
                        yield row
        except OSError:
            continue


def _first_of_session(rows: Iterable[Found]) -> Iterator[Found]:
    """Of each session the row that comes first."""
    seen: set[str] = set()
    for row in rows:
        if row.row.session not in seen:
            seen.add(row.row.session)
            yield row


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

"""The newest of what a folder of logs shows beside failures, read backwards and no further than needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice

from wizard.facts import Handshake, Pending
from wizard.reading.blocks import Limits
from wizard.reading.contexts import succeeded
from wizard.reading.folder import LogFile, never, read_files
from wizard.reading.gather import Found, Logs, Place
from wizard.reading.heads import Strange
from wizard.reading.rows import Notes
from wizard.reading.scan import USUAL
from wizard.reading.scanning import read_heads

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
            found += _successes(folder, wanted, cancelled, limits)
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


def _successes(files: list[LogFile], wanted: _Wanted, cancelled: Cancelled, limits: Limits) -> list[Handshake]:
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

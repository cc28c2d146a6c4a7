"""A folder of Send protocol logs scanned at disk speed: every failed handshake, without reading every row.

Rows that say a handshake failed are found by their bytes; from each, the rows of its session are
gathered and read as any other row is. A folder in which a log is not as Exchange writes it (another
encoding, wrapped rows, rows that are not plain) is read row by row instead, with the same result.

Not seen is a failure whose phrase itself is broken in a log that otherwise begins well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from wizard.facts import Direction, FailureGroup, Handshake, Line, LogReading, Occurrences
from wizard.reading.log.files import LogFile, Progress, merged, never, read_files
from wizard.reading.log.gather import OUTCOME, Found, Logs, Place
from wizard.reading.log.rows import Notes, failed, is_whole, plain_row, unconnected
from wizard.reading.log.sessions import A_RECEIVE_LOG, counted, group_of, occurrences
from wizard.reading.log.windows import HEAD_BYTES, Limits, Strange, Tail
from wizard.reading.text import Refused

MOST_REMEMBERED = 4096
"""So many kinds of sessions are remembered; then all are forgotten and found out again."""

GroupKey = tuple[str, str, str]

Alike = tuple[str | bytes, ...]
"""All that a failure's group depends on: the connector, and the rows from our certificate's first to the failure."""


class _Known(NamedTuple):
    """Failures that are alike: their group, and which of their rows could go on in the next line."""

    key: GroupKey
    may_go_on: tuple[int, ...]


@dataclass(slots=True)
class _Group:
    """What is known of a group: its session-ids as numbers, its times, its first handshake, and where its last is."""

    example: Handshake
    place: Place
    first: str
    last: str
    newest: Place
    remote: str
    sessions: set[int] = field(default_factory=set)


class Tally:
    """The failures of one folder's logs. Sessions are counted by session-id; `occurrences` are all of them."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._groups: dict[GroupKey, _Group] = {}
        self._alike: dict[Alike, _Known] = {}
        self._taken: set[Place] = set()
        self._begin = 0
        self.occurrences = Occurrences()

    def groups(self, newest: bool) -> tuple[FailureGroup, ...]:
        """The groups, each with its first handshake, and its last too where `newest` is asked for."""
        found = sorted(self._groups.items(), key=lambda each: each[1].place)
        return tuple(
            FailureGroup(
                connector,
                error,
                group.example.ours,
                len(group.sessions),
                group.first,
                group.last,
                (group.example, *([self._numbered(group.newest)] if newest and group.newest != group.place else [])),
                group.remote,
            )
            for (connector, error, _), group in found
        )

    def forget(self, before: int) -> None:
        """Forgets which failures of earlier files were taken: all of them were, when their file was looked through."""
        self._begin = before
        self._taken = {place for place in self._taken if place[0] >= before}

    def quickly(self, index: int, place: int) -> bool:
        """Counts the failure here; False if the rows of its session have to be gathered."""
        tail = self._logs.tail_at(index, place)
        if tail is None:
            return False
        if not tail.rows:
            return True
        time, _, connector = tail.head.partition(b",")
        head = self._logs.heads[index]
        comma, remote, _ = tail.rows[0]
        if not (connector and remote) or head.direction is Direction.RECEIVE or OUTCOME not in tail.rows[0][2]:
            return False
        if head.direction is Direction.UNKNOWN and b"\\" in connector:
            return False
        alike: Alike = (head.codec, connector, *(rest for _, _, rest in tail.rows))
        known = self._alike.get(alike)
        begin = comma - len(tail.head)
        if known is None:
            known = self._find_out(index, place, begin, tail)
            if known is None:
                return False
            if len(self._alike) >= MOST_REMEMBERED:
                self._alike.clear()
            self._alike[alike] = known
        for number in known.may_go_on:
            line, raw = self._logs.line_of(index, tail.rows[number][0])
            if not self._logs.ends(index, line + len(raw) + 1):
                return False
        self._count(
            known.key,
            (index, begin),
            tail.session.decode(),
            time.decode("ascii", "replace"),
            remote.decode(head.codec, "replace"),
        )
        return True

    def take(self, place: Place, handshake: Handshake) -> None:
        """Counts a failed handshake that was built."""
        self._count(group_of(handshake), place, handshake.session, handshake.time, handshake.remote)

    def known(self, place: Place) -> bool:
        """Whether the failure whose line begins here is counted."""
        return place in self._taken

    def _count(self, key: GroupKey, place: Place, session: str, time: str, remote: str) -> None:
        """Counts one failure in its group, unless that was done, and builds it if it is the group's first."""
        if place[0] < self._begin or place in self._taken:
            return
        self._taken.add(place)
        self.occurrences.add(*key, remote, self._logs.files[place[0]].source, session, time)
        group = self._groups.get(key)
        if group is None:
            example = self._numbered(place)
            group = self._groups[key] = _Group(example, place, time, time, place, remote)
        elif place < group.place:
            group.example, group.place = self._numbered(place), place
        group.sessions.add(int(session, 16))
        group.first = min(group.first, time)
        if time > group.last:
            group.last, group.newest, group.remote = time, place, remote

    def _numbered(self, place: Place) -> Handshake:
        """The handshake whose outcome's line begins here, with the numbers of its lines."""
        self._logs.numbering = True
        handshake = self._built(place)
        self._logs.numbering = False
        return handshake

    def _built(self, place: Place) -> Handshake:
        """The handshake whose outcome's line begins here."""
        with ExitStack() as stack:
            found = self._logs.row_at(*place) if self._logs.ready(place[0], stack) else None
            rows = self._logs.session_at(found) if found else []
        for at, handshake in self._logs.handshakes_of(rows):
            if at == place:
                return handshake
        raise Strange

    def _find_out(self, index: int, place: int, begin: int, tail: Tail) -> _Known | None:
        """What a failure with such rows is; None if it is none."""
        found = self._logs.row_at(index, place)
        if found is None or self._logs.received(index, found.row):
            return None
        gathered = self._logs.session_at(found)
        rows = {each.place: each for each in gathered}
        shown = [rows.get((index, self._logs.line_of(index, comma)[0])) for comma, _, _ in tail.rows]
        for at, handshake in self._logs.handshakes_of(gathered):
            if at == (index, begin) and handshake.error is not None and None not in shown:
                open_ended = tuple(number for number, each in enumerate(shown) if each and _may_go_on(each))
                return _Known(group_of(handshake), open_ended)
        return None


def _may_go_on(found: Found) -> bool:
    """Whether a row is one of those that a next line can belong to."""
    return found.row.event == "*" and not is_whole(found.row.context, found.row.data)


UNCONNECTED = b"Failed to connect. Winsock error code: "

HEADER_BEGINS = b"#"

_CANCELLED = "the reading was cancelled before the end of this file"

Tell = Callable[[Progress], None]


class Stopped(Exception):
    """The person cancelled the scan."""


class Pace:
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
            raise Stopped

    def of_reader(self, progress: Progress) -> None:
        """Passes on what the reader of rows reports."""
        if self._progress:
            done = self.done + progress.done_bytes
            self._progress(Progress(progress.file, done, max(self._total, done)))


class Scan:
    """One run over the logs of one folder, which counts each failed handshake in `tally`.

    With `unconnected` the connections that failed are counted too.
    """

    def __init__(self, logs: Logs, tally: Tally, notes: Notes, pace: Pace, unconnected: bool) -> None:
        self._files = logs.files
        self._logs = logs
        self._tally = tally
        self._notes = notes
        self._pace = pace
        self._needles = [OUTCOME, HEADER_BEGINS, *([UNCONNECTED] if unconnected else [])]
        self._unconnected = self._bytes = 0
        self._last = ""

    def reading(self, alone: bool) -> LogReading:
        """What the logs show but the handshakes. `alone`: a single file that is no text is refused, not listed."""
        done = 0
        stopped = False
        read_heads(self._logs, self._notes, alone)
        for index, file in enumerate(self._files):
            if index in self._logs.heads:
                try:
                    stopped = stopped or self._pace.cancelled()
                    if stopped:
                        raise Stopped
                    self._look_through(index, done)
                except Stopped:
                    stopped = True
                    self._notes.leave(Line("", 1, file.source), _CANCELLED)
                except OSError as error:
                    self._notes.leave(Line("", 1, file.source), _unreadable(error))
            done += file.size
            self._logs.forget(index - 2)
            self._tally.forget(index)
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
            connection_failures=self._unconnected,
            first=min((head.first.time for _, head, _ in heads if head.first), default=""),
            last=self._last,
            sources=tuple(file.source for file, _, _ in heads),
            scanned_bytes=self._bytes,
        )

    def _look_through(self, index: int, done: int) -> None:
        """One file: the failures in it, and the connections that failed."""
        source = self._files[index].source
        with ExitStack() as stack:
            log = self._logs.opened(index, stack)
            self._pace.tell(source, done)
            for end, (failures, headers, *others) in log.looked_through(self._needles, self._logs.limits.piece):
                for place in headers:
                    self._check_header(index, place)
                for place in failures:
                    self._failure(index, place)
                for place in others[0] if others else ():
                    self._unconnected += self._is_unconnected(index, place)
                self._pace.tell(source, done + end)
            size = log.size()
            self._bytes += size
            self._last = max(self._last, self._last_time(log.window(size - HEAD_BYTES, size)))

    def _check_header(self, index: int, place: int) -> None:
        """A header in the middle of a file: where another log begins, it is for the reader of rows."""
        if place and self._logs.another_log(index, place):
            raise Strange

    def _is_unconnected(self, index: int, place: int) -> bool:
        """Whether the words about a connection that failed are an information row's context."""
        if self._logs.is_context_at(index, place):
            return True
        row = self._sent_row(index, place)
        return row is not None and unconnected(row.row.context)

    def _sent_row(self, index: int, place: int) -> Found | None:
        """The information row of a send log that has this place in its line; None if it is another."""
        found = self._logs.row_at(index, place)
        return found if found and found.row.event == "*" and not self._logs.received(index, found.row) else None

    def _failure(self, index: int, place: int) -> None:
        """Counts the failed handshakes of the session that has one here, unless that was done."""
        if self._tally.quickly(index, place):
            return
        found = self._sent_row(index, place)
        if found and not self._tally.known(found.place) and failed(found.row.context):
            for at, handshake in self._logs.handshakes_of(self._logs.session_at(found)):
                if handshake.error is not None:
                    self._tally.take(at, handshake)

    def _last_time(self, tail: bytes) -> str:
        """The time of the last row in the last bytes of a file; empty if there is none."""
        for raw in reversed(tail.split(b"\n")[:-1]):
            if row := plain_row(Line(raw.decode("utf-8", "replace").removesuffix("\r"), 1)):
                return row.time
        return ""


def read_heads(logs: Logs, notes: Notes, alone: bool) -> None:
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

"""One run over the logs of a folder: failures, connections that failed and headers are found by their bytes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from wizard.facts import Direction, Line, LogReading
from wizard.reading.contexts import failed, unconnected
from wizard.reading.folder import Progress, read_files
from wizard.reading.gather import OUTCOME, Found, Logs
from wizard.reading.heads import HEAD_BYTES, Strange
from wizard.reading.rows import Notes, plain_row
from wizard.reading.sendlog import A_RECEIVE_LOG
from wizard.reading.tally import Tally
from wizard.reading.text import Refused

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

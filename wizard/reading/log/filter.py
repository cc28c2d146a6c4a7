"""A filter in front of the reader of rows: of logs too large for it, only the sessions that matter go through.

A session is found by the bytes of one of its rows, and all its rows are gathered from there. Where bytes do not show
what stands there, `Strange` is raised: then the reader of rows has to read the folder. A log with lines that begin no
row, among the first of each piece, is also read row by row. Not seen is a phrase that is broken elsewhere.
"""

from __future__ import annotations

import codecs
import re
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from wizard.facts import Direction, Line, LogReading
from wizard.reading.log.files import HEAD_BYTES, STOPPED, Cancelled, LogFile, clean_line, codec_of, unreadable
from wizard.reading.log.rows import LogNotes, Row, direction_of, plain_row
from wizard.reading.log.sessions import LogReader
from wizard.reading.residue import HEADER

_BEGIN = re.compile(
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z),"
    rb'("[^"\n]*(?:""[^"\n]*)*"|[^,"\n]*)(,[0-9A-Fa-f]{16},)([0-9]{1,9}),[^,"\n]*,([^,"\n]*),([-+<>*]),'
)

_NO_ROW = re.compile(rb"\n[^2#\r\n]")
_NUL, _LINE_FEED, _HASH = b"\0\n#"

Tell = Callable[["Log", int], object]
Look = Callable[["Stream", "Log", int, bool], Iterable[int]]


class Strange(Exception):
    """Here the logs are not as Exchange writes them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bytes read at once, those of them examined line by line, those kept in memory, and a session's reach.

    A folder whose sessions lead further than four times its size and eight times `reach` is given up as strange.
    `newest` successes show whether a connector works, and as many sessions the last certificate.
    """

    piece: int = 1024 * 1024
    sample: int = 32 * 1024
    kept: int = 2 * 1024 * 1024
    reach: int = 32 * 1024 * 1024
    newest: int = 24


@dataclass(slots=True)
class Log:
    """A log: what its head shows, the bytes before it, its place once it was read, and if memory holds it as it is."""

    file: LogFile
    codec: str
    done: int
    headers: list[Line]
    first: Row | None
    direction: Direction
    begin: int = sys.maxsize
    plain: bool = True


def log_of(file: LogFile, done: int, notes: LogNotes) -> Log:
    """A log by its head; OSError if it cannot be read, Refused if it is no text."""
    with file.opened() as handle:
        content = handle.read(HEAD_BYTES) or b""
    codec = codec_of(content, file.source, notes)
    texts = codecs.decode(content, codec, "replace").replace("\0", "").removeprefix("\ufeff").split("\n")
    lines = [clean_line(text.removesuffix("\r"), n, file.source, LogNotes()) for n, text in enumerate(texts, start=1)]
    first = next(filter(None, map(plain_row, lines)), None)
    headers = [line for line in lines[: first.line.number - 1 if first else None] if HEADER.match(line.text)]
    direction = direction_of("\n".join(line.text for line in reversed(headers)))
    return Log(file, codec, done, headers, first, direction or Direction.UNKNOWN)


def _log_at(logs: list[Log], place: int) -> int:
    """The number of the log to which a place belongs."""
    return max(bisect_right(logs, place, key=lambda log: log.begin) - 1, 0)


class Found(NamedTuple):
    """A row by its bytes; `raw`, its line and what may go on with it, ends in NUL if the log lacks its line end."""

    place: int
    raw: bytes
    log: Log
    time: str
    connector: bytes
    session: bytes
    sequence: int
    remote: bytes
    event: bytes
    rest: bytes


def is_whole(rows: Sequence[Found]) -> bool:
    """True if these are all rows of a session that has ended, in their order."""
    return bool(rows) and rows[-1].event == b"-" and all(row.sequence == number for number, row in enumerate(rows))


class Stream:
    """The logs of a folder as one run of bytes, of which the last are in memory.

    They are UTF-8 there, without NUL but before the line end that a log lacks. `base` is the place in the run of the
    first byte in memory. Lines are whole up to `stop`.
    """

    def __init__(
        self, logs: list[Log], limits: Limits, notes: LogNotes | None = None, tell: Tell = lambda *_: None
    ) -> None:
        self._logs, self._limits, self._notes, self._tell = logs, limits, notes or LogNotes(), tell
        self.memory = bytearray(3 * limits.kept + 4 * limits.piece)
        self._view, self._led = memoryview(self.memory), 0
        self._forget(0, b"\n")

    def _forget(self, place: int, before: bytes) -> None:
        """Go on reading at this place, with nothing in memory but these bytes before it."""
        self._view[: len(before)] = before
        self.base, self.stop, self._filled = place - len(before), len(before), len(before)

    def through(self, begin: int) -> Iterator[tuple[Log, int, bool]]:
        """From a place on: the log, where whole lines begin in memory, and if it has ended. What is left is noted."""
        first = _log_at(self._logs, begin)
        for index, log in enumerate(self._logs[first:], start=first):
            log.begin = self.base + self._filled if log.begin == sys.maxsize else log.begin
            done = max(begin - log.begin, 0) if index == first and log.plain else 0
            if log.begin + done != self.base + self._filled:
                # Reading begins within a line, which is hidden as a comment.
                self._forget(log.begin + done, b"\n#" if done else b"\n")
            try:
                for _ in self._pieces(log, done):
                    start, self.stop = self.stop, max(self.memory.rfind(b"\n2", self.stop, self._filled) + 1, self.stop)
                    yield log, start, False
            except OSError as error:
                self._notes.miss(log.file.source, unreadable(error))
            except Cancelled:
                for left in self._logs[index:]:
                    self._notes.miss(left.file.source, STOPPED)
                return
            if self.memory[self._filled - 1] != _LINE_FEED:
                self._view[self._filled : self._filled + 2] = b"\0\n"
                self._filled += 2
            start, self.stop = self.stop, self._filled
            yield log, start, True

    def _pieces(self, log: Log, done: int) -> Iterator[None]:
        """Reads a log piece by piece to its real end, from where it is done."""
        decoder = None if log.codec == "utf-8" else codecs.getincrementaldecoder(log.codec)("replace")
        size, room = 1, len(self.memory) - 3 * self._limits.piece  # A letter can grow to three bytes.
        with log.file.opened() as handle:
            handle.seek(done)
            while size:
                self._tell(log, done)
                if self._filled >= room:
                    begin = max(self.memory.rfind(b"\n", 0, max(self.stop - self._limits.kept, 0)), 0)
                    self._view[: self._filled - begin] = self._view[begin : self._filled]
                    self.base, self.stop, self._filled = self.base + begin, self.stop - begin, self._filled - begin
                if self._filled >= room:
                    raise Strange
                begin = self._filled
                size = handle.readinto(self._view[begin : begin + self._limits.piece]) or 0
                self._filled += size
                marked = not done and self.memory.startswith(codecs.BOM_UTF8, begin)
                if decoder or marked or self.memory.find(0, begin, self._filled) >= 0:
                    log.plain = False
                    piece = bytes(self._view[begin : self._filled])
                    piece = decoder.decode(piece, not size).encode() if decoder else piece
                    piece = piece.removeprefix(b"" if done else codecs.BOM_UTF8).replace(b"\0", b"")
                    self._filled = begin + len(piece)
                    self._view[begin : self._filled] = piece
                done += size
                yield

    def places(self, needle: bytes, start: int) -> Iterator[int]:
        """The places of a needle in memory, from `start` on."""
        while (start := self.memory.find(needle, start, self.stop)) >= 0:
            yield start
            start += len(needle)

    def line(self, at: int) -> str:
        """The line in which this is."""
        begin, end = self.memory.rfind(b"\n", 0, at) + 1, self.memory.find(b"\n", at)
        return bytes(self._view[begin:end]).decode("utf-8", "replace").rstrip("\0\r")

    def told(self, phrase: bytes, event: bytes, start: int) -> Iterator[re.Match[bytes]]:
        """The begins of the rows of this event that hold a phrase, from `start` on."""
        begins = ((at, self._begin_of(at)) for at in self.places(phrase, start))
        return (begin for at, begin in begins if begin and begin[6] == event and begin.end() <= at)

    def _begin_of(self, at: int) -> re.Match[bytes] | None:
        """The begin of the row in whose line this is; None in a header, a cut line or no log, else Strange."""
        line, end = self.memory.rfind(b"\n", 0, at) + 1, self.memory.find(b"\n", at)
        begin = _BEGIN.match(self.memory, line)
        known = begin or self.memory[line] == _HASH or self.memory[end - 1] == _NUL
        if not known and self._logs[_log_at(self._logs, self.base + line)].first:
            raise Strange
        return begin

    def is_odd(self, start: int) -> bool:
        """True if one of the first lines from `start` on begins neither like a row nor like a header."""
        return _NO_ROW.search(self.memory, start - 1, min(start + self._limits.sample, self.stop)) is not None

    def _rows(self, needle: bytes, start: int) -> Iterator[Found]:
        """The rows in memory, from `start` on, of the session with this id between commas."""
        for comma in self.places(needle, start):
            begin = self._begin_of(comma)
            if begin is None or begin.start(3) != comma:
                continue
            end = self.memory.find(b"\n", begin.end(), self.stop)
            while end + 1 < self.stop and self.memory[end + 1] not in b"2#":
                end = self.memory.find(b"\n", end + 1, self.stop)
            time, connector, session, sequence, remote, event = begin.groups()
            place, raw = self.base + begin.start(), bytes(self._view[begin.start() : end])
            fields = (time.decode(), connector, session[1:-1], int(sequence), remote, event)
            yield Found(place, raw, self._logs[_log_at(self._logs, place)], *fields, raw[begin.end() - begin.start() :])

    def _session(self, place: int) -> tuple[bytes, list[Found]]:
        """The session-id of the row here, between commas, and all rows of the session if they are in memory."""
        begin = _BEGIN.match(self.memory, place - self.base)
        if begin is None:
            raise Strange
        at = self.memory.rfind(begin[3] + b"0,", max(begin.start() - self._limits.kept, 0), begin.end())
        rows: list[Found] = []
        for row in self._rows(begin[3], at) if at >= 0 else ():
            rows.append(row)
            if row.event == b"-":
                break
        return begin[3], rows if is_whole(rows) and rows[-1].place >= place else []

    def sessions(self, look: Look, begin: int = 0) -> Iterator[list[Found]]:
        """From a place on, the rows of the session of each row that `look` finds in the results of `through`."""
        waiting: deque[int] = deque()
        for log, start, ended in self.through(begin):
            waiting.extend(look(self, log, start, ended))
            while waiting:
                needle, rows = self._session(waiting[0])
                if not rows and self.base + self.stop - waiting[0] < self._limits.kept // 2:
                    break
                place = waiting.popleft()
                yield rows or self._far(place, needle)
        for place in waiting:
            needle, rows = self._session(place)
            yield rows or self._far(place, needle)

    def _far(self, place: int, needle: bytes) -> list[Found]:
        """All rows of a session within reach."""
        rows: list[Found] = []
        reach, other = self._limits.reach, Stream(self._logs, self._limits)
        for _, start, _ in other.through(place - reach):
            rows += (row for row in other._rows(needle, start) if row.place >= place - reach)
            self._led += other.stop - start
            if self._led > 8 * reach + 4 * sum(log.file.size for log in self._logs):
                raise Strange
            if (is_whole(rows) and rows[-1].place >= place) or other.base + other.stop > place + reach:
                break
        numbers = {row.sequence for row in rows}
        if numbers and len(numbers) <= max(numbers) - min(numbers):
            raise Strange
        return rows


def numbers_of(places: Iterable[int], logs: list[Log], limits: Limits) -> dict[int, int]:
    """The line numbers, each in its log, of lines that begin at these places."""
    found: dict[int, int] = {}
    for index, those in groupby(sorted(set(places)), key=lambda place: _log_at(logs, place)):
        left, number, stream = deque(those), 1, Stream(logs, limits)
        for _, start, ended in stream.through(logs[index].begin):
            counted = start
            while left and left[0] < stream.base + stream.stop:
                number += stream.memory.count(b"\n", counted, counted := left[0] - stream.base)
                found[left.popleft()] = number
            if ended or not left:
                break
            number += stream.memory.count(b"\n", counted, stream.stop)
    return found


def read_session(rows: Sequence[Found], numbers: Sequence[int], notes: LogNotes) -> LogReading:
    """Read a session's rows with the reader of rows, as lines with these numbers; Strange if rows have run together."""
    reader, log = LogReader(notes), None
    for row, number in zip(rows, numbers, strict=True):
        lines = [] if row.log is log else list(row.log.headers)
        log = row.log
        for more, text in enumerate(row.raw.rstrip(b"\0").decode("utf-8", "replace").split("\n"), start=number):
            if "\r" in text.removesuffix("\r"):
                raise Strange
            lines.append(clean_line(text.removesuffix("\r"), more, log.file.source, notes))
        reader.feed(lines, whole=not row.raw.endswith(b"\0"))
    reading = reader.finish()
    if reading.rows > len(rows):
        raise Strange
    return reading

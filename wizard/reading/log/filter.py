"""A filter in front of the reader of rows: of logs too large for it, only the sessions that matter go through.

A session is found by the bytes of one of its rows, and all its rows are gathered from there. Logs in UTF-16 are
searched as UTF-8, and NUL is left out. Where bytes do not show what stands there, `Strange` is raised: then the
reader of rows has to read the folder.

A log with lines that begin no row, among the first of each piece, is also read row by row, so that no failure hides in
them. Not seen is a phrase that is broken elsewhere.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from wizard.facts import Direction, Line, LogReading, Mended
from wizard.reading.log.files import CODECS, LogFile, clean_line
from wizard.reading.log.rows import LOG_TYPE, LogNotes, Row, plain_row
from wizard.reading.log.sessions import LogReader
from wizard.reading.residue import HEADER
from wizard.reading.text import decode

HEAD_BYTES = 4096

SAMPLE_BYTES = 32 * 1024
"""The part of each piece that is examined line by line; a wrapped or quoted log is so nearly everywhere."""

_HEADER_BYTES = 200

_LINE_BEGIN_BYTES = 8

_BEGIN = re.compile(
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z),"
    rb'("[^"\n]*(?:""[^"\n]*)*"|[^,"\n]*)(,[0-9A-Fa-f]{16},)([0-9]{1,9}),[^,"\n]*,([^,"\n]*),([-+<>*]),'
)

_NO_ROW = re.compile(rb"\n(?!20[0-9][0-9]-|#)[^\r\n]")

_TEXT = bytes([*range(32, 127), *b"\t\r\n"])

_LINE_FEED = ord("\n")


class Strange(Exception):
    """Here the logs are not as Exchange writes them."""


class Cancelled(Exception):
    """The person cancelled the reading."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes read at once and kept in memory, and the greatest distance of a session's rows.

    A folder whose sessions lead further than four times its size and `spare` is given up as strange. `newest` is the
    number of successes that show whether a connector works, and of sessions that show the last certificate.
    """

    piece: int = 1024 * 1024
    kept: int = 6 * 1024 * 1024
    reach: int = 32 * 1024 * 1024
    spare: int = 256 * 1024 * 1024
    newest: int = 24

    @property
    def narrow(self) -> Limits:
        """For a second run beside the first, which keeps little."""
        return replace(self, kept=min(self.kept, 1024 * 1024))


@dataclass(slots=True)
class Log:
    """A log: its coding, what its begin shows, how much of the folder stands before it, and where it begins.

    `plain`: its bytes are in memory as they are on the disk.
    """

    file: LogFile
    codec: str
    done: int
    headers: list[str] = field(default_factory=list)
    first: Row | None = None
    direction: Direction = Direction.UNKNOWN
    begin: int = -1
    plain: bool = True

    def received(self, connector: str) -> bool:
        """True if rows of this connector belong to a receive log."""
        return self.direction is Direction.RECEIVE or (self.direction is Direction.UNKNOWN and "\\" in connector)

    @property
    def in_memory(self) -> str:
        """The coding of its bytes in memory."""
        return "cp1252" if self.codec == "cp1252" else "utf-8"


def log_of(file: LogFile, done: int, notes: LogNotes) -> Log:
    """A log by its begin.

    Raises:
        OSError: it cannot be read.
        Refused: it is no text.
    """
    with file.opened() as handle:
        content = handle.read(HEAD_BYTES) or b""
    found = decode(content, file.source)[1] if content.translate(None, _TEXT) else None
    if found:
        notes.add(mended=(Mended(file.source, 1, f"read as {found}"),))
    log = Log(file, CODECS.get(found or "", "utf-8"), done)
    text = codecs.decode(content, log.codec, "replace").replace("\x00", "").removeprefix("\ufeff")
    for number, line in enumerate(text.split("\n"), start=1):
        clean = clean_line(line.removesuffix("\r"), number, file.source, LogNotes())
        log.first = plain_row(clean)
        if log.first:
            break
        if HEADER.match(clean.text):
            log.headers.append(clean.text)
            log.direction = direction_of(clean.text) or log.direction
    return log


def direction_of(header: str) -> Direction | None:
    """The direction in a line of the header; None for any other line."""
    kind = LOG_TYPE.search(header)
    return None if kind is None else Direction.SEND if kind[1].casefold() == "send" else Direction.RECEIVE


class Found(NamedTuple):
    """A row by its bytes: where its line begins, the line with what may go on with it, and its fields."""

    place: int
    raw: bytes
    log: Log
    cut: bool
    time: str
    connector: bytes
    session: bytes
    sequence: int
    remote: bytes
    event: bytes
    rest: bytes


class Stream:
    """The logs of a folder as one run of bytes, of which the last are in memory.

    `base` is the place in the run of the first byte in memory. Lines are whole up to `stop`.
    """

    def __init__(self, logs: list[Log], limits: Limits) -> None:
        self._logs = logs
        self._limits = limits
        self.memory = bytearray(2 * limits.kept + 4 * limits.piece)
        self._view = memoryview(self.memory)
        self._forget(0)
        self._cuts: set[int] = set()
        self._begun: list[Log] = []

    def _forget(self, begin: int) -> None:
        """Drop all of memory but a line end, and continue reading at this place."""
        self.memory[0] = _LINE_FEED
        self.base, self.stop, self._filled = begin - 1, 1, 1

    def through(self, begin: int, notes: LogNotes, tell: Callable[[Log, int], None]) -> Iterator[tuple[Log, int, bool]]:
        """From a place on: the log, where new whole lines begin in memory, and whether the log has ended.

        What could not be read, also because `tell` raised Cancelled, is noted.
        """
        begun = [log.begin for log in self._logs if log.begin >= 0]
        first = max(bisect_right(begun, begin) - 1, 0) if begin > 0 else 0
        for index, log in enumerate(self._logs[first:], start=first):
            log.begin = log.begin if log.begin >= 0 else self.base + self._filled
            skipped = max(begin - log.begin, 0) if index == first and log.plain else 0
            if log.begin + skipped != self.base + self._filled:
                self._forget(log.begin + skipped)
            self._begun.append(log)
            try:
                for _ in self._pieces(log, skipped, tell):
                    if skipped and (cut := self.memory.find(b"\n", 1, self._filled)) > 0:
                        self.stop, skipped = cut + 1, 0
                    start, self.stop = self.stop, max(self.memory.rfind(b"\n2", self.stop, self._filled) + 1, self.stop)
                    if not skipped:
                        yield log, start, False
            except OSError as error:
                notes.leave(Line("", 1, log.file.source), unreadable(error))
            except Cancelled:
                for left in self._logs[index:]:
                    notes.leave(Line("", 1, left.file.source), "the reading was cancelled before the end of this file")
                return
            if self.memory[self._filled - 1] != _LINE_FEED:
                self._cuts.add(self.base + self._filled)
                self.memory[self._filled] = _LINE_FEED
                self._filled += 1
            start, self.stop = self._filled if skipped else self.stop, self._filled
            yield log, start, True

    def _pieces(self, log: Log, done: int, tell: Callable[[Log, int], None]) -> Iterator[int]:
        """Reads a log piece by piece to its real end, from where it is done."""
        decoder = codecs.getincrementaldecoder(log.codec)("replace") if log.codec.startswith("utf-16") else None
        size = 1
        with log.file.opened() as handle:
            handle.seek(done)
            while size:
                tell(log, done)
                self._make_room()
                begin = self._filled
                size = handle.readinto(self._view[begin : begin + self._limits.piece]) or 0
                self._filled += size
                marked = not done and (decoder or self.memory.startswith(codecs.BOM_UTF8, begin))
                if decoder or marked or self.memory.find(0, begin, self._filled) >= 0:
                    log.plain = False
                    piece = bytes(self._view[begin : self._filled])
                    piece = decoder.decode(piece, not size).encode() if decoder else piece
                    piece = piece.removeprefix(codecs.BOM_UTF8 if marked else b"").replace(b"\0", b"")
                    self._filled = begin + len(piece)
                    self._view[begin : self._filled] = piece
                done += size
                yield size

    def _make_room(self) -> None:
        """Drop old lines before the last whole one: two pieces must fit, since UTF-16 grows."""
        room = len(self.memory) - 2 * self._limits.piece
        if self._filled >= room:
            begin = max(self.memory.rfind(b"\n", 0, max(self.stop - self._limits.kept, 0)), 0)
            self._view[: self._filled - begin] = self._view[begin : self._filled]
            self.base, self.stop, self._filled = self.base + begin, self.stop - begin, self._filled - begin
        if self._filled >= room:
            raise Strange

    def places(self, needle: bytes, start: int) -> Iterator[int]:
        """The places of a needle in memory, from `start` on."""
        while (start := self.memory.find(needle, start, self.stop)) >= 0:
            yield start
            start += len(needle)

    def told(self, phrase: bytes, start: int, log: Log) -> Iterator[re.Match[bytes]]:
        """The beginnings of a log's information rows with a phrase, from `start` on; not in a partner's words."""
        memory = self.memory
        for at in self.places(phrase, start):
            begin = _BEGIN.match(memory, memory.rfind(b"\n", 0, at) + 1)
            if begin is None and log.first and memory[memory.rfind(b"\n", 0, at) + 1] not in b"#":
                raise Strange
            if begin and begin[6] == b"*" and begin.end() <= at:
                yield begin

    def said(self, phrase: bytes, event: bytes, start: int) -> Iterator[re.Match[bytes]]:
        """The begins of the rows of this event that hold a phrase, from `start` on."""
        for at in self.places(phrase, start):
            begin = _BEGIN.match(self.memory, self.memory.rfind(b"\n", 0, at) + 1)
            if begin and begin[6] == event and begin.end() <= at:
                yield begin

    def line(self, begin: re.Match[bytes]) -> bytes:
        """The line of a row that begins here, as far as it is in memory."""
        end = self.memory.find(b"\n", begin.end(), self.stop)
        return bytes(self._view[begin.start() : end if end >= 0 else self.stop]).removesuffix(b"\r")

    def headers(self, start: int) -> Iterator[str]:
        """The lines from `start` on that begin as headers do."""
        for at in self.places(b"#", start):
            if self.memory[at - 1] == _LINE_FEED:
                yield bytes(self._view[at : at + _HEADER_BYTES]).partition(b"\n")[0].decode("utf-8", "replace")

    def odd(self, start: int) -> bool:
        """True if one of the first lines from `start` on begins neither like a row nor like a header."""
        found = _NO_ROW.search(self.memory, start - 1, min(start + SAMPLE_BYTES + _LINE_BEGIN_BYTES, self.stop))
        return found is not None and found.start() < start + SAMPLE_BYTES

    def _begin_of(self, comma: int) -> re.Match[bytes] | None:
        """The begin of the row in which a session-id stands behind this comma; None where it is cut or another's.

        Raises:
            Strange: the line begins no row.
        """
        begin = _BEGIN.match(self.memory, self.memory.rfind(b"\n", 0, comma) + 1)
        if begin is None and not self.is_cut(self.memory.find(b"\n", comma)):
            raise Strange
        return begin if begin and begin.start(3) == comma else None

    def rows(self, needle: bytes, start: int) -> Iterator[Found]:
        """The rows of a session in memory."""
        begins = (self._begin_of(comma) for comma in self.places(needle, start))
        return (self._found(begin) for begin in begins if begin)

    def _found(self, begin: re.Match[bytes]) -> Found:
        end = self.memory.find(b"\n", begin.end(), self.stop)
        while end + 1 < self.stop and self.memory[end + 1] not in b"2#":
            end = self.memory.find(b"\n", end + 1, self.stop)
        time, connector, session, sequence, remote, event = begin.groups()
        place, raw = self.base + begin.start(), bytes(self._view[begin.start() : end])
        log = self._begun[-1]
        if place < log.begin:
            log = self._begun[bisect_right(self._begun, place, key=lambda each: each.begin) - 1]
        fields = (time.decode(), connector, session[1:-1], int(sequence), remote, event)
        return Found(place, raw, log, self.is_cut(end), *fields, raw[begin.end() - begin.start() :])

    def is_cut(self, end: int) -> bool:
        """True if the line that ends here has no line end in its log: the service may still be writing it."""
        return self.base + end in self._cuts

    def session(self, place: int, brief: bool, final: bool) -> list[Found] | None:
        """All rows of the session that has the row here; None if it begins or, unless `final`, ends elsewhere.

        If `brief`, only the information rows and the last.
        """
        needle, comma = self.needle(place)
        at = self.memory.rfind(needle + b"0,", max(comma - self._limits.kept, 0), comma + len(needle) + 2)
        rows: list[Found] = []
        count = last = 0
        while at >= 0:
            if begin := self._begin_of(at):
                last, event = self.base + begin.start(), begin[6]
                if int(begin[4]) != count or (event == b"-" and last < place):
                    return None
                count += 1
                if not brief or event in b"*-":
                    rows.append(self._found(begin))
                if event == b"-":
                    return rows
            at = self.memory.find(needle, at + len(needle), self.stop)
        return rows if final and count and last >= place else None

    def needle(self, place: int) -> tuple[bytes, int]:
        """The session-id of this row, with a comma on both sides, and its place in memory."""
        begin = _BEGIN.match(self.memory, place - self.base)
        if begin is None:
            raise Strange
        return begin[3], begin.start(3)


Places = Callable[[Stream, Log, int, bool], Iterable[int]]
"""Returns the places of wanted sessions' rows, given the results of `Stream.through`."""


class Sessions:
    """The sessions of a folder's logs."""

    def __init__(self, logs: list[Log], limits: Limits) -> None:
        self._logs = logs
        self._limits = limits
        self._left = limits.spare + 4 * sum(log.file.size for log in logs)

    def at(
        self, places: Places, notes: LogNotes, tell: Callable[[Log, int], None], begin: int = 0, *, brief: bool = False
    ) -> Iterator[tuple[list[Found], bool]]:
        """The rows of the session that each of these rows belongs to, and whether it is whole.

        The logs are looked through from `begin` on.

        Raises:
            Strange: a row is not as Exchange writes it or is missing between others, or the search led too far.
        """
        stream = Stream(self._logs, self._limits)
        waiting: deque[int] = deque()
        for log, start, ended in stream.through(begin, notes, tell):
            waiting.extend(places(stream, log, start, ended))
            while waiting:
                if rows := stream.session(waiting[0], brief, final=False):
                    yield rows, True
                elif stream.base + stream.stop - waiting[0] >= self._limits.kept // 2:
                    yield self._far(waiting[0], stream.needle(waiting[0])[0]), False
                else:
                    break
                waiting.popleft()
        for place in waiting:
            yield stream.session(place, brief, final=True) or self._far(place, stream.needle(place)[0]), False

    def _far(self, place: int, needle: bytes) -> list[Found]:
        """All rows of a session within reach."""
        rows: list[Found] = []
        reach = self._limits.reach
        stream = Stream(self._logs, self._limits.narrow)
        for _, start, _ in stream.through(place - reach, LogNotes(), lambda _, __: None):
            rows += (row for row in stream.rows(needle, start) if row.place >= place - reach)
            self._left -= stream.stop - start
            if self._left < 0:
                raise Strange
            last = rows[-1] if rows else None
            ended = last and last.event == b"-" and last.place >= place and len(rows) == last.sequence + 1
            if ended or stream.base + stream.stop > place + reach:
                break
        numbers = {row.sequence for row in rows}
        if numbers and len(numbers) <= max(numbers) - min(numbers):
            raise Strange
        return rows


def unreadable(error: OSError) -> str:
    """The reason why a file could not be read."""
    return f"the file could not be read: {error.strerror or error}"


def numbers_of(places: Iterable[int], logs: list[Log], limits: Limits) -> dict[int, int]:
    """The line numbers, each in its log, of lines that begin at these places."""
    left = deque(sorted(set(places)))
    found: dict[int, int] = {}
    stream = Stream(logs, limits.narrow)
    for index, log in enumerate(logs):
        following = next((each.begin for each in logs[index + 1 :] if each.begin > log.begin), None)
        if not left or (following is not None and left[0] >= following):
            continue
        number = 1
        for _, start, ended in stream.through(log.begin, LogNotes(), lambda _, __: None):
            counted = start
            while left and left[0] < stream.base + stream.stop:
                place = left.popleft()
                begin, counted = counted, place - stream.base
                number += stream.memory.count(b"\n", begin, counted)
                found[place] = number
            if ended or not left:
                break
            number += stream.memory.count(b"\n", counted, stream.stop)
    return found


def read_session(rows: Sequence[Found], numbers: Sequence[int], notes: LogNotes) -> LogReading:
    """Read a session's rows with the reader of rows; `numbers` are those of their lines.

    Raises:
        Strange: a line ends as none of Exchange's does.
    """
    reader = LogReader(notes)
    lines: list[Line] = []
    log = None
    for row, number in zip(rows, numbers, strict=True):
        if row.log is not log:
            log = row.log
            lines += (Line(text, place, log.file.source) for place, text in enumerate(log.headers, start=1))
        for more, text in enumerate(row.raw.decode(log.in_memory, "replace").split("\n")):
            if "\r" in text.removesuffix("\r"):
                raise Strange
            lines.append(clean_line(text.removesuffix("\r"), number + more, log.file.source, notes))
        if row.cut:
            reader.feed(lines, whole=False)
            lines = []
    reader.feed(lines)
    reading = reader.finish()
    # A damaged row of another session can stand behind a row, where its last line might go on.
    own = {row.session.decode() for row in rows}
    return replace(
        reading,
        handshakes=tuple(each for each in reading.handshakes if each.session in own),
        clear=tuple(each for each in reading.clear if each.session in own),
    )

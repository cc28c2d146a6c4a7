"""A log file as bytes: looked through at disk speed, with a window to any place in it.

The search goes over one buffer that all files share: fresh buffers cost more time than the search
itself. What was read last stays in it, so that most windows need no second reading.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wizard.facts import Direction
from wizard.reading.log.files import clean_line
from wizard.reading.log.rows import LOG_TYPE, Notes, Row, is_plain, plain_row
from wizard.reading.sticking import HEADER
from wizard.reading.text import decode


@dataclass(frozen=True, slots=True)
class Limits:
    """How a scan reads, in bytes.

    `piece` is read and looked through at once, `kept` of what was read stays in memory. A session is
    gathered in regions of `steps`, the last one repeated, up to `reach` before and after its failure.
    A scan that had to look at more than four times the bytes of the logs and `spare` besides is given up.
    """

    piece: int = 1024 * 1024
    kept: int = 11 * 1024 * 1024
    steps: tuple[int, ...] = (8 * 1024, 64 * 1024, 512 * 1024)
    reach: int = 32 * 1024 * 1024
    spare: int = 256 * 1024 * 1024


MARK_BYTES = 16 * 1024
"""After so many bytes each, how many lines ended before is remembered."""

_MARKS_AT_ONCE = 16

Marks = list[int]
"""How many lines of a file end before each multiple of `MARK_BYTES`, as far as it was counted; the first is 0."""

InMemory = tuple[int, bytes]
"""A row in a file: where the comma before its session-id stands, and its bytes after the session-id and its comma.

The bytes are left out in a row in the middle of a session that is no information row.
"""

_OURS = b",Sending certificate"

_QUOTE = ord('"')


class Tail(NamedTuple):
    """A row and what its session has before it: the session-id, the row's time and connector, and rows, newest first.

    Of each row: where the comma before its session-id stands, its remote endpoint, its data and context.
    """

    session: bytes
    head: bytes
    rows: list[tuple[int, bytes, bytes]]


_BEGIN = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z,"
    rb'(?:"[^"\n]*(?:""[^"\n]*)*"|[^,"\n]*)(,[0-9A-Fa-f]{16},)([0-9]{1,9}),[^,"\n]*,[^,"\n]*,(.),'
)

_ENDPOINTS_BYTES = 128

_OTHER_EVENTS = (b"<", b">", b"+")


class OpenLog:
    """A log file that is open for reading. `buffer` is shared with other files, which are not looked through now."""

    def __init__(self, handle: io.FileIO | io.BytesIO, buffer: bytearray, marks: Marks) -> None:
        self._handle = handle
        self._buffer = buffer
        self._marks = marks
        self._base = self._filled = 0

    def looked_through(self, needles: Sequence[bytes], piece: int) -> Iterator[tuple[int, list[list[int]]]]:
        """For each piece of the file, up to its real end: where the piece ends, and the places of each needle in it."""
        buffer = self._buffer
        view = memoryview(buffer)
        position = 0
        while True:
            if self._filled + piece > len(buffer):
                kept = min(self._filled, max(len(buffer) // 4, *map(len, needles)))
                view[:kept] = bytes(view[self._filled - kept : self._filled])
                self._base += self._filled - kept
                self._filled = kept
            self._handle.seek(position)
            size = self._handle.readinto(view[self._filled : self._filled + piece])
            if not size:
                return
            position += size
            before, self._filled = self._filled, self._filled + size
            starts = [max(before - len(needle) + 1, 0) for needle in needles]
            yield (
                position,
                [
                    [self._base + place for place in _places(buffer, needle, start, self._filled)]
                    for needle, start in zip(needles, starts, strict=True)
                ],
            )

    def from_behind(self, needle: bytes, piece: int, cancelled: Callable[[], bool]) -> Iterator[int]:
        """The places of the needle, from the end of the file to its begin; `cancelled` is asked before each piece."""
        stop = self.size()
        while stop > 0 and not cancelled():
            start = max(stop - piece, 0)
            data = bytearray(self.window(start, stop + len(needle) - 1))
            yield from (start + place for place in reversed(_places(data, needle, 0, len(data))))
            stop = start

    def window(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`, fewer at the end of the file."""
        start = max(start, 0)
        if self._base <= start <= stop <= self._base + self._filled:
            return bytes(memoryview(self._buffer)[start - self._base : stop - self._base])
        self._handle.seek(start)
        pieces = []
        while start < stop and (piece := self._handle.read(stop - start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)

    def size(self) -> int:
        """How long the file is now, in bytes."""
        return self._handle.seek(0, io.SEEK_END)

    def session(self, place: int, needle: bytes, sequence: int) -> list[InMemory] | None:
        """All rows of a session from its first to its last, if they follow each other in what is in memory.

        Args:
            place: where the needle stands in one of its rows.
            needle: the session-id with a comma on both sides.
            sequence: that row's sequence-number.
        """
        buffer, behind = self._buffer, len(needle)
        at = place - self._base
        if not 0 <= at < self._filled:
            return None
        first = at if not sequence else buffer.rfind(needle + b"0,", 0, at)
        if not 0 <= first <= at < self._filled or (self._base and buffer.find(b"\n", 0, first) < 0):
            return None
        rows: list[InMemory] = []
        comma = self._base + first
        for piece in bytes(buffer[first:at]).split(needle)[1:]:
            if not piece.startswith(b"%d," % len(rows)):
                return None
            rows.append((comma, _of_row(piece)))
            comma += behind + len(piece)
        if len(rows) != sequence:
            return None
        while True:
            end = buffer.find(b"\n", at + behind, self._filled)
            if end < 0 or not buffer.startswith(b"%d," % len(rows), at + behind):
                return None
            rows.append((self._base + at, _of_row(bytes(buffer[at + behind : end + 1]))))
            if rows[-1][1].split(b",", 4)[3:4] == [b"-"]:
                return rows
            at = buffer.find(needle, end, self._filled)
            if at < 0:
                return None

    def tail_at(self, place: int) -> Tail | None:
        """The row that has this place in its line, and its session's rows before it back to our certificate's first.

        No rows where that row is no information row: then the place is in what a partner said. None
        where the rows do not follow each other in what is in memory.
        """
        buffer = self._buffer
        found = _BEGIN.match(buffer, buffer.rfind(b"\n", 0, max(place - self._base, 0)) + 1)
        if found is None or self._base + found.end() > place:
            return None
        needle, at = found[1], found.start(1)
        tail = Tail(needle[1:-1], found[0][: at - found.start()], [])
        rests: list[bytes] = []
        for number in range(int(found[2]) if found[3] == b"*" else -1, -1, -1):
            end = buffer.find(b"\n", at, self._filled)
            fields = bytes(buffer[at + len(needle) : max(end, at)]).split(b",", 4)
            if len(fields) < 5 or fields[0] != b"%d" % number or fields[3] != b"*":
                return None
            tail.rows.append((self._base + at, fields[2], fields[4]))
            rests.append(fields[4])
            if _OURS in fields[4]:
                shown = b",Certificate " in rests[-2] if len(rests) > 1 else False
                return tail if shown or (_OURS + b" ") in fields[4] else None
            at = buffer.rfind(needle, 0, at)
            if at < 0:
                return None
        return None if tail.rows else tail

    def is_context_at(self, place: int) -> bool:
        """Whether an information row without data has its context, in quotation marks to the line's end, here."""
        at = place - self._base
        found = _BEGIN.match(self._buffer, self._buffer.rfind(b"\n", 0, max(at, 0)) + 1)
        if found is None or found[3] != b"*" or found.end() + 2 != at or self._buffer[at - 1] != _QUOTE:
            return False
        line = bytes(self._buffer[at : max(self._buffer.find(b"\n", at, self._filled), at)])
        return line.find(b'"') == len(line.removesuffix(b"\r")) - 1 >= 0

    def line_of(self, comma: int) -> tuple[int, bytes]:
        """Where the line begins that has a session-id in memory after this comma, and the line."""
        at = comma - self._base
        begin = self._buffer.rfind(b"\n", 0, at) + 1
        return self._base + begin, bytes(self._buffer[begin : self._buffer.find(b"\n", at, self._filled)])

    def number_at(self, place: int) -> int:
        """The number, from 1, of the line that begins at this place."""
        marks = self._marks
        wanted = place // MARK_BYTES + 1
        while len(marks) < wanted:
            begin = (len(marks) - 1) * MARK_BYTES
            region = self.window(begin, begin + min(wanted - len(marks), _MARKS_AT_ONCE) * MARK_BYTES)
            for start in range(0, len(region), MARK_BYTES):
                marks.append(marks[-1] + region.count(b"\n", start, start + MARK_BYTES))
        whole = place // MARK_BYTES
        return marks[whole] + self._line_ends(whole * MARK_BYTES, place) + 1

    def _line_ends(self, start: int, stop: int) -> int:
        """How many lines end between two places that are not far apart."""
        if self._base <= start and stop <= self._base + self._filled:
            return self._buffer.count(b"\n", start - self._base, stop - self._base)
        return self.window(start, stop).count(b"\n")


def _of_row(after: bytes) -> bytes:
    """What stands after a session-id up to the line's end; nothing where the row says nothing of TLS."""
    fields = after[:_ENDPOINTS_BYTES].split(b",", 4)
    return b"" if len(fields) == 5 and fields[3] in _OTHER_EVENTS else after[: after.find(b"\n")]


def _places(buffer: bytearray, needle: bytes, start: int, stop: int) -> list[int]:
    """Where the needle stands. A long needle is found faster than a short one, and a single byte fastest."""
    found: list[int] = []
    while (start := buffer.find(needle, start, stop)) >= 0:
        found.append(start)
        start += 1
    return found


HEAD_BYTES = 4096
"""So much of each file's begin is read line by line: a log that is wrapped or quoted shows it there."""

_CODECS = {None: "utf-8", "Windows-1252": "cp1252"}

_TEXT = bytes([*range(32, 127), *b"\t\r\n"])


class Strange(Exception):
    """Here the log is not as Exchange writes it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file's begin shows: its encoding, which log it is by its header, and its first row."""

    codec: str
    direction: Direction
    first: Row | None


def head_of(content: bytes, source: str) -> Head:
    """What the first `HEAD_BYTES` of a file show; `source` is the file's name in a refusal.

    Raises:
        Refused: the file is no text.
        Strange: it is no log as Exchange writes it.
    """
    found = None if not content.translate(None, _TEXT) else decode(content, source)[1]
    if found not in _CODECS:
        raise Strange
    text = codecs.decode(content.rstrip(b"\x00"), _CODECS[found], "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    direction, first = Direction.UNKNOWN, None
    for number, line in enumerate(lines[:-1] if len(content) == HEAD_BYTES else lines, start=1):
        if first and is_plain(line):
            continue
        clean = clean_line(line.replace("\x00", ""), number, source, Notes())
        if row := plain_row(clean):
            first = first or row
        elif HEADER.match(clean.text) and first is None:
            if kind := LOG_TYPE.search(clean.text):
                direction = Direction.SEND if kind[1].casefold() == "send" else Direction.RECEIVE
        elif clean.text.strip() and number < len(lines):
            raise Strange
    return Head(_CODECS[found], direction, first)

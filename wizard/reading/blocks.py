"""A log file as bytes: looked through at disk speed, with a window to any place in it.

The search goes over one buffer that all files share: fresh buffers cost more time than the search
itself. What was read last stays in it, so that most windows need no second reading.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


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


@dataclass(slots=True)
class Marks:
    """How many lines end before certain places of a file, both ascending; the first place is its start."""

    places: list[int] = field(default_factory=lambda: [0])
    lines: list[int] = field(default_factory=lambda: [0])


class OpenLog:
    """A log file that is open for reading. `buffer` is shared with other files, which are not looked through now."""

    def __init__(self, handle: io.FileIO, buffer: bytearray, marks: Marks) -> None:
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
                kept = min(self._filled, max(len(buffer) - 4 * piece, max(map(len, needles))))
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

    def from_behind(self, needle: bytes, piece: int) -> Iterator[int]:
        """The places of the needle, from the end of the file to its begin."""
        stop = self.size()
        while stop > 0:
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

    def number_at(self, place: int) -> int:
        """The number, from 1, of the line that begins at this place."""
        places, lines = self._marks.places, self._marks.lines
        nearest = bisect_right(places, place) - 1
        number = lines[nearest] + self._line_ends(places[nearest], place)
        if places[nearest] != place:
            places.insert(nearest + 1, place)
            lines.insert(nearest + 1, number)
        return number + 1

    def _line_ends(self, start: int, stop: int) -> int:
        """How many lines end between two places."""
        if self._base <= start and stop <= self._base + self._filled:
            return self._buffer.count(b"\n", start - self._base, stop - self._base)
        step = 1024 * 1024
        return sum(self.window(at, min(at + step, stop)).count(b"\n") for at in range(start, stop, step))


def _places(buffer: bytearray, needle: bytes, start: int, stop: int) -> list[int]:
    """Where the needle stands; found from behind, which is twice as fast in CPython as from the front."""
    found: list[int] = []
    while (stop := buffer.rfind(needle, start, stop)) >= 0:
        found.append(stop)
    found.reverse()
    return found

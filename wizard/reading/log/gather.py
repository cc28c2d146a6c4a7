"""From a place in a log to all rows of the session it belongs to, without reading the rest.

Only what Exchange itself writes is read here: each row on a line of its own, whole. Where a log is
not like that, `Strange` is raised, and the reader that mends has to read all of the folder.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, repeat
from typing import NamedTuple

from wizard.facts import Direction, Handshake, Line, Pending
from wizard.reading.log.files import LONGEST_LINE, LogFile, clean_line
from wizard.reading.log.rows import LOG_TYPE, Notes, Row, RowReader, is_whole, plain_row
from wizard.reading.log.sessions import Session, handshakes
from wizard.reading.log.windows import HEAD_BYTES, Head, InMemory, Limits, Marks, OpenLog, Strange, Tail, head_of
from wizard.reading.sticking import HEADER, STARTS

_LINE_BEGIN_BYTES = 128

LONGEST_NAME = 1024
"""A row's time and connector are taken to be no longer than this, in bytes."""

OUTCOME = b"TLS negotiation failed with error "

_OTHER_EVENTS = frozenset({b"<,", b">,", b"+,"})

Place = tuple[int, int]
"""Which file of the folder, and the byte where a row's line begins."""


class Found(NamedTuple):
    """A row, and where its line begins."""

    place: Place
    row: Row


class Logs:
    """The logs of one folder, in natural order. A file without a head has no rows or could not be read."""

    def __init__(self, files: list[LogFile], notes: Notes, limits: Limits) -> None:
        self.files = files
        self.heads: dict[int, Head] = {}
        self.searched = 0
        self._notes = notes
        self.limits = limits
        self.numbering = True
        self._marks: dict[int, Marks] = {}
        self._open: dict[int, OpenLog] = {}
        self._buffer = bytearray(limits.kept)

    def opened(self, index: int, stack: ExitStack) -> OpenLog:
        """The file, open until the stack is closed.

        Raises:
            OSError: it cannot be opened.
        """
        handle = self.files[index].opened()
        stack.callback(handle.close)
        log = OpenLog(handle, bytearray(0) if self._open else self._buffer, self._marks.setdefault(index, [0]))
        self._open[index] = log
        stack.callback(self._open.pop, index)
        return log

    def another_log(self, index: int, place: int) -> bool:
        """Whether a header line that begins at this place of the open file says another direction than the first."""
        log = self._open[index]
        if log.window(place - 1, place) != b"\n":
            return False
        text = log.window(place, place + LONGEST_NAME).partition(b"\n")[0].decode("utf-8", "replace")
        kind = LOG_TYPE.search(text) if HEADER.match(text) else None
        return kind is not None and kind[1].casefold() != self.heads[index].direction.value

    def forget(self, before: int) -> None:
        """Forgets line numbers of files that no session will lead back to."""
        for index in [index for index in self._marks if index < before]:
            del self._marks[index]

    def read_head(self, index: int) -> Head:
        """What the file's begin shows; kept in `heads`.

        Raises:
            Refused: the file is no text.
            Strange: it is no log as Exchange writes it.
            OSError: it cannot be read.
        """
        with ExitStack() as stack:
            content = self.opened(index, stack).window(0, HEAD_BYTES)
        head = self.heads[index] = head_of(content, self.files[index].source)
        return head

    def received(self, index: int, row: Row) -> bool:
        """Whether a row of this file is a receive log's."""
        direction = self.heads[index].direction
        return direction is Direction.RECEIVE or (direction is Direction.UNKNOWN and "\\" in row.connector)

    def row_at(self, index: int, place: int) -> Found | None:
        """The row whose line has this place in it; None where it is a header or is cut off by the end of the file.

        Raises:
            Strange: the line is no plain row.
        """
        log = self._open[index]
        for size in chain([LONGEST_NAME], self._sizes()):
            start = max(place - size, 0)
            data = log.window(start, place + size)
            begin, end = data.rfind(b"\n", 0, place - start) + 1, data.find(b"\n", place - start)
            if (begin or not start) and (end >= 0 or len(data) < place + size - start):
                raw = data[begin:] if end < 0 else data[begin:end]
                if raw.startswith((b"#", codecs.BOM_UTF8 + b"#")):
                    return None
                number = log.number_at(start + begin) if self.numbering else 0
                row = self._row(index, start + begin, raw, number, cut=end < 0)
                return Found((index, start + begin), row) if row else None
        raise Strange

    def session_at(self, found: Found) -> list[Found]:
        """All rows of a row's session that stand within reach, in the order of the files.

        Raises:
            Strange: a row of it is not plain, one in the middle is missing, or too much had to be searched.
        """
        if (rows := self._near(found)) is not None:
            return rows
        with ExitStack() as stack:
            ahead, back = self._ahead(found, stack), self._back(found, stack)
            rows = []
            while not any(each.row.event == "-" for each in rows) and (region := next(ahead, None)) is not None:
                rows += region
            while not any(each.row.sequence == 0 for each in rows) and (region := next(back, None)) is not None:
                rows[:0] = region
            if not _complete(rows):
                rows += chain.from_iterable(ahead)
                for region in back:
                    rows[:0] = region
                if _has_gap(rows):
                    raise Strange
            return rows

    def may_name(self, index: int, place: int, connector: str) -> bool:
        """Whether the connector's name stands anywhere near before this place; False only if it surely does not."""
        if not connector.isascii():
            return True
        name = max(connector.split('"'), key=len).lower().encode()
        return name in self._open[index].window(place - LONGEST_NAME, place).lower()

    def tail_at(self, index: int, place: int) -> Tail | None:
        """The row with this place in its line, and its session's rows back to our certificate, if all is in memory."""
        return self._open[index].tail_at(place)

    def is_context_at(self, index: int, place: int) -> bool:
        """Whether a quoted context of an information row without data surely begins at this place."""
        return self.heads[index].direction is Direction.SEND and self._open[index].is_context_at(place)

    def line_of(self, index: int, comma: int) -> tuple[int, bytes]:
        """Where the line begins that has a session-id in memory after this comma, and the line."""
        return self._open[index].line_of(comma)

    def in_memory(self, index: int, place: int, row: Row) -> list[InMemory] | None:
        """All rows of a row's session as they stand in memory; None where one is missing there."""
        log = self._open[index]
        needle = f",{row.session},".encode()
        shift = log.window(place, place + LONGEST_NAME).find(needle + b"%d," % row.sequence)
        return log.session(place + shift, needle, row.sequence) if shift >= 0 else None

    def rows_that_count(self, index: int, session: str, lines: list[InMemory]) -> list[Found] | None:
        """Of these rows of a session those that its failed handshakes need: about TLS, the first and the last.

        None where the others count too: one ends the session too early, or an outcome does not say
        the connector or the other side.

        Raises:
            Strange: one of them is no plain row.
        """
        found: list[Found] = []
        for number, row_seen in enumerate(lines):
            last = number == len(lines) - 1
            if number and not row_seen[1]:
                continue
            _, _, remote, rest = row_seen[1].split(b",", 3) if row_seen[1] else (b"",) * 4
            if rest[:1] == b"-" and not last:
                return None
            begin, raw = self.line_of(index, row_seen[0])
            if OUTCOME in rest and not (remote and raw[: row_seen[0] - begin].partition(b",")[2]):
                return None
            row = self._row(index, begin, raw, self._open[index].number_at(begin) if self.numbering else 0, cut=False)
            if row is None or row.session != session:
                return None
            found.append(Found((index, begin), row))
        return found

    def _near(self, found: Found) -> list[Found] | None:
        """The rows that count of a session which is in memory as a whole; None if it is not."""
        index, place = found.place
        lines = self.in_memory(index, place, found.row)
        return None if lines is None else self.rows_that_count(index, found.row.session, lines)

    def handshakes_of(self, rows: list[Found]) -> list[tuple[Place, Handshake]]:
        """The handshakes that these rows of one session-id show, each with the place of its outcome row."""
        return self._shown_in(rows)[0]

    def pending_in(self, rows: list[Found]) -> list[Pending]:
        """The certificates of ours that these rows of one session-id show without an outcome."""
        return self._shown_in(rows)[1]

    def _shown_in(self, rows: list[Found]) -> tuple[list[tuple[Place, Handshake]], list[Pending]]:
        found: list[tuple[Place, Handshake]] = []
        pending: list[Pending] = []
        session = Session()
        for number, (place, row) in enumerate(rows):
            session.seen += 1
            if not self.received(place[0], row):
                session.take(number, row)
            if (row.event == "-" and session.seen == row.sequence + 1) or number == len(rows) - 1:
                shown, open_ended = handshakes(row.session, session, self._notes)
                found += [(rows[arrived].place, handshake) for arrived, handshake in shown]
                pending += [Pending(connector, certificate) for connector, certificate in open_ended]
                session = Session()
        return found, pending

    def _sizes(self) -> Iterator[int]:
        """The sizes of regions, growing until a line would be too long for a log."""
        steps = self.limits.steps
        longer = (steps[-1] << doubled for doubled in range(1, LONGEST_LINE.bit_length()))
        return chain(steps, (size for size in longer if size <= 2 * LONGEST_LINE))

    def _back(self, found: Found, stack: ExitStack) -> Iterator[list[Found]]:
        """The session's rows before this row, region by region backwards."""
        index, stop = found.place
        left = self.limits.reach
        sizes = chain(self.limits.steps, repeat(self.limits.steps[-1]))
        while index >= 0 and left > 0:
            log = self.ready(index, stack)
            stop = log.size() if log and stop < 0 else stop
            size = next(sizes)
            while log and stop > 0 and left > 0:
                start = max(stop - size, 0)
                data = log.window(start, stop)
                cut = data.find(b"\n") + 1 if start else 0
                if start and cut in {0, len(data)}:
                    size = self._longer(size)
                    continue
                left -= self._spend(len(data) - cut)
                stop = start + cut
                yield self._rows(index, stop, data[cut:], found.row.session)
                size = next(sizes)
            index, stop = index - 1, -1

    def _ahead(self, found: Found, stack: ExitStack) -> Iterator[list[Found]]:
        """The session's rows from this row on, region by region."""
        index, start = found.place
        left = self.limits.reach
        sizes = chain(self.limits.steps, repeat(self.limits.steps[-1]))
        while index < len(self.files) and left > 0:
            log = self.ready(index, stack)
            size = next(sizes)
            while log and left > 0:
                data = log.window(start, start + size)
                ended = len(data) < size
                end = len(data) if ended else data.rfind(b"\n") + 1
                if not end and not ended:
                    size = self._longer(size)
                    continue
                left -= self._spend(end)
                yield self._rows(index, start, data[:end], found.row.session)
                if ended:
                    break
                start += end
                size = next(sizes)
            index, start = index + 1, 0

    def _longer(self, size: int) -> int:
        """A larger region, because no line ends in one of this size."""
        if size > 2 * LONGEST_LINE:
            raise Strange
        return size * 2

    def _spend(self, size: int) -> int:
        """Counts bytes that were searched for a session's rows."""
        self.searched += size
        if self.searched > self.limits.spare + 4 * sum(file.size for file in self.files):
            raise Strange
        return size

    def ready(self, index: int, stack: ExitStack) -> OpenLog | None:
        """The file, if it has rows and can be opened; the one that is being looked through is open already."""
        if index in self._open:
            return self._open[index]
        if index not in self.heads:
            return None
        try:
            return self.opened(index, stack)
        except OSError:
            return None

    def _rows(self, index: int, start: int, data: bytes, session: str) -> list[Found]:
        """The session's rows in a region of whole lines that begins at this place of the file."""
        needle = f",{session},".encode()
        at = data.find(needle)
        if at < 0:
            return []
        number, counted = self._open[index].number_at(start) if self.numbering else 0, 0
        found: list[Found] = []
        while at >= 0:
            begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
            cut = end < 0
            end = len(data) if cut else end
            if self.numbering:
                number += data.count(b"\n", counted, begin)
                counted = begin
            row = self._row(index, start + begin, data[begin:end], number, cut)
            if row and row.session == session:
                found.append(Found((index, start + begin), row))
            at = data.find(needle, end)
        return found

    def _row(self, index: int, place: int, raw: bytes, number: int, cut: bool) -> Row | None:
        """The row on a line, or None where it is cut off by the end of the file and may lack something."""
        text = raw.decode(self.heads[index].codec, "replace").replace("\x00", "").removesuffix("\r")
        if "\r" in text:
            raise Strange
        line = clean_line(text, number, self.files[index].source, Notes())
        row = plain_row(line)
        if cut:
            return self._last_row(line)
        if row is None or (
            row.event == "*" and not is_whole(row.context, row.data) and not self.ends(index, place + len(raw) + 1)
        ):
            raise Strange
        return row

    def _last_row(self, line: Line) -> Row | None:
        """The row on a line without an end, as the reader of whole files takes it."""
        if not STARTS.match(line.text):
            raise Strange
        reader = RowReader(Notes())
        rows = [*reader.read([line]), *reader.end(cut=True)]
        return rows[0] if rows else None

    def ends(self, index: int, place: int) -> bool:
        """Whether the row before this place is over: the next line begins a row, or there is none."""
        raw = self._open[index].window(place, place + _LINE_BEGIN_BYTES)
        if not raw.strip(b"\r\n\x00"):
            return len(raw) < _LINE_BEGIN_BYTES
        text = raw.decode(self.heads[index].codec, "replace")
        return bool(STARTS.match(text) or HEADER.match(text))


def _has_gap(rows: list[Found]) -> bool:
    """Whether rows are missing between the first and the last: they may stand there in another form."""
    numbers = {each.row.sequence for each in rows}
    return bool(numbers) and len(numbers) <= max(numbers) - min(numbers)


def _complete(rows: list[Found]) -> bool:
    """Whether these are all rows of a session, from its first to its last."""
    return bool(rows) and rows[-1].row.event == "-" and [each.row.sequence for each in rows] == list(range(len(rows)))

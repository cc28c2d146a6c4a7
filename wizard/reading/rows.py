"""Lines to rows of a protocol log: nine fields each, mended where the way here damaged them.

Rows are read line by line, so an unbalanced quotation mark costs one row and never what follows.
What is undone here is undone only where the row itself shows what stood there; a value in which
two readings are possible is marked or left out, never chosen (LOG; RFC 4180).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wizard.facts import Direction, Line, Mended, Unread
from wizard.reading.contexts import is_whole, joined_context
from wizard.reading.rowtext import (
    FIELD_NAMES,
    FIELDS,
    HEADER,
    LOG_TYPE,
    ROW,
    SEAM,
    STARTS,
    STARTS_INSIDE,
    NoRow,
    bare,
    count_commas,
    in_front,
    is_row,
    row_of,
    seam,
    split_rows,
    straight,
)

MOST_NOTES = 200
"""So many entries of what was mended, and of what was left unread, are kept; the rest is counted."""

MOST_PIECES = 64
"""A row wrapped over more lines than this is no row: even 40 columns need fewer for the longest reply."""

_NO_ROWS = "from here to the next row there is nothing that is a row of a protocol log"
_STILL_WRITING = "the last row is cut off: the service is still writing this file"


class Row(NamedTuple):
    """One row of a protocol log. `line` is where it begins; `more` are the lines it was wrapped over.

    `connector` is empty where a wrap broke the name. `data` holds `SEAM` where a wrap may have
    eaten a blank.
    """

    time: str
    connector: str
    session: str
    sequence: int
    remote: str
    event: str
    data: str
    context: str
    line: Line
    more: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines the row stands on."""
        return (self.line, *self.more)


def is_plain(text: str) -> bool:
    """Whether a line is simply a row, as nearly all are: whole, printable, and nothing before it."""
    return text.isprintable() and ROW.fullmatch(text) is not None


def plain_row(line: Line) -> Row | None:
    """The row that a line is from its first to its last letter, as Exchange wrote it; None where it is not."""
    match = ROW.fullmatch(line.text)
    if match is None:
        return None
    time, connector, session, sequence, remote, event, data, context = match.groups()
    if '"' in line.text:
        connector, data, context = bare(connector), bare(data), bare(context)
    return Row(time, connector, session, int(sequence), remote, event, data, context, line)


class Notes:
    """What was mended and what was left unread, each up to `MOST_NOTES` and then counted."""

    def __init__(self) -> None:
        self._mended: list[Mended] = []
        self._unread: list[Unread] = []
        self._more_mended = 0
        self._more_unread = 0

    def mend(self, line: Line, what: str) -> None:
        """Notes damage that was undone."""
        self.add(mended=(Mended(line.source, line.number, what),))

    def leave(self, line: Line, why: str) -> None:
        """Notes a piece that could not be read."""
        self.add(unread=(Unread(line.source, line.number, why),))

    def add(self, mended: Iterable[Mended] = (), unread: Iterable[Unread] = ()) -> None:
        """Notes what another reader mended or left."""
        for mend in mended:
            if len(self._mended) < MOST_NOTES:
                self._mended.append(mend)
            else:
                self._more_mended += 1
        for leave in unread:
            if len(self._unread) < MOST_NOTES:
                self._unread.append(leave)
            else:
                self._more_unread += 1

    @property
    def mended(self) -> tuple[Mended, ...]:
        """The notes of mended damage; a last one says how many more there were."""
        if not self._more_mended:
            return tuple(self._mended)
        last = self._mended[-1]
        return (*self._mended, Mended(last.source, last.line, f"and {self._more_mended:,} more were mended"))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The notes of unread pieces; a last one says how many more there were."""
        if not self._more_unread:
            return tuple(self._unread)
        last = self._unread[-1]
        return (*self._unread, Unread(last.source, last.line, f"and {self._more_unread:,} more could not be read"))


@dataclass(slots=True)
class _Open:
    """A row that goes on: its text so far, and the quoting it stands in.

    `alone` is the row that its first `own` lines make, when later ones may or may not belong to it.
    """

    text: list[str]
    lines: list[Line]
    prefix: str
    commas: int
    quoted: bool
    alone: Row | None = None
    own: int = 0


class RowReader:
    """Lines in, rows out, one stream; holds back a single row until it is sure that the row is over.

    `direction` is what the nearest header before the rows says, `headers` all that headers said.
    """

    def __init__(self, notes: Notes) -> None:
        self.direction = Direction.UNKNOWN
        self.headers: set[Direction] = set()
        self.sources: dict[str, None] = {}
        self._notes = notes
        self._source = ""
        self._blank_noted = self._astray = self._heading = False
        self._held: Row | None = None
        self._open: _Open | None = None
        self._joined: _Open | None = None

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """The rows on these lines, except the last one, which the next lines may go on with."""
        for line in lines:
            if line.source != self._source:
                yield from self._new_source(line.source)
            row = plain_row(line)
            if row is None:
                yield from self._read_damaged(line)
                continue
            if self._held is not None:
                yield self._held
            elif self._open is not None:
                yield from self.end()
            self._astray = self._heading = False
            self._held = row

    def end(self, cut: bool = False) -> Iterator[Row]:
        """The row held back. With `cut` its line has no end: it counts only if nothing can be missing from it."""
        row, pending = self._held, self._open
        self._held = self._open = self._joined = None
        if row is None and pending is not None:
            row = self._close(pending, cut)
        if row is None:
            return
        if cut and row.event == "*" and not is_whole(row.context, row.data):
            self._notes.leave(row.line, _STILL_WRITING)
            return
        yield row

    def _new_source(self, source: str) -> Iterator[Row]:
        """A new file: what was open in the last one cannot go on in it."""
        yield from self.end()
        self.direction = Direction.UNKNOWN
        self.sources[source] = None
        self._source = source
        self._blank_noted = self._astray = self._heading = False

    def _read_damaged(self, line: Line) -> Iterator[Row]:
        """A line that is not simply a row: a header, a damaged row, a piece of one, or something else."""
        if not line.text.strip():
            if not self._blank_noted:
                self._blank_noted = True
                self._notes.mend(line, "skipped blank lines")
            return
        prefix, what = in_front(line.text)
        text = line.text[len(prefix) :]
        if STARTS.match(text):
            yield from self.end()
            if what:
                self._notes.mend(line, what)
            yield from self._begin(prefix, text, line)
        elif HEADER.match(text):
            yield from self.end()
            yield from self._header(prefix, text, line)
        elif self._heading and text.strip() in FIELD_NAMES:
            return
        elif not self._go_on(line) and not self._astray:
            self._astray = True
            self._notes.leave(line, _NO_ROWS)

    def _header(self, prefix: str, text: str, line: Line) -> Iterator[Row]:
        """A header line, and the rows that may have run together with it."""
        if not text.startswith("#"):
            self._notes.mend(line, "took the line for a header that lost its #")
        self._astray, self._heading = False, True
        start = STARTS_INSIDE.search(text)
        head = text[: start.start()] if start else text
        if found := LOG_TYPE.search(head):
            self.direction = Direction.SEND if found[1].casefold() == "send" else Direction.RECEIVE
            self.headers.add(self.direction)
        if start:
            self._notes.mend(line, "split a header and rows that had run together")
            yield from self._begin(prefix, text[start.start() :], line)

    def _begin(self, prefix: str, text: str, line: Line) -> Iterator[Row]:
        """The rows of a line that begins with one: all but the last are over, the last may go on."""
        self._astray = self._heading = False
        pieces = split_rows(text)
        if len(pieces) > 1:
            self._notes.mend(line, "split rows that had run together")
        for number, piece in enumerate(pieces, start=1):
            own = line if len(pieces) == 1 else Line(piece, line.number, line.source)
            commas, quoted = count_commas(straight(piece), False)
            whole = commas >= FIELDS - 1 and not quoted
            if number < len(pieces) or whole:
                if (row := self._parse(piece, [own])) and number == len(pieces):
                    self._held = row
                elif row:
                    yield row
            else:
                self._open = _Open([piece], [own], prefix, commas, quoted)

    def _go_on(self, line: Line) -> bool:
        """Joins a line to the row before it if that row is not over; False if the line is not its piece."""
        pending = self._reopened() if self._held else self._open
        if pending is None or len(pending.lines) >= MOST_PIECES:
            return False
        if not pending.alone and pending.commas < FIELDS - 1 and not pending.quoted and is_row("".join(pending.text)):
            return False
        text = line.text.removeprefix(pending.prefix)
        commas, quoted = count_commas(straight(text), pending.quoted)
        pending.text[-1:] = [*seam(pending.text[-1], text, pending.quoted)]
        pending.lines.append(line)
        pending.commas += commas
        pending.quoted = quoted
        self._held, self._open = None, pending
        if pending.commas >= FIELDS - 1 and not quoted and (not pending.alone or is_row("".join(pending.text))):
            self._open = None
            self._held = self._close(pending)
            self._joined = pending
        return True

    def _reopened(self) -> _Open | None:
        """The row held back, open again where its context may go on; None where it is over."""
        row = self._held
        if row is None or row.event != "*" or is_whole(row.context, row.data):
            return None
        pending = self._joined
        if pending is None or pending.lines[0] is not row.line:
            prefix, _ = in_front(row.line.text)
            text = row.line.text[len(prefix) :]
            pending = _Open([text], [row.line], prefix, *count_commas(straight(text), False))
        pending.alone, pending.own = row, len(pending.lines)
        return pending

    def _close(self, pending: _Open, cut: bool = False) -> Row | None:
        """The row that was wrapped, or None: then it is noted as unread."""
        if pending.alone and not is_row("".join(pending.text)):
            self._notes.leave(pending.lines[pending.own], _NO_ROWS)
            return pending.alone
        row = self._parse("".join(pending.text), pending.lines, cut)
        if row and len(pending.lines) > 1:
            self._notes.mend(pending.lines[0], f"joined a row that was wrapped over {len(pending.lines)} lines")
        return row

    def _parse(self, text: str, lines: list[Line], cut: bool = False) -> Row | None:
        """The row in the text, mended, or None: then it is noted as unread with the reason."""
        first = lines[0]
        try:
            fields, what = row_of(text)
        except NoRow as reason:
            self._notes.leave(first, _STILL_WRITING if cut else str(reason))
            return None
        if what:
            self._notes.mend(first, what)
        time, connector, session, sequence, _, remote, event, data, context = fields
        if SEAM in connector:
            connector = ""
            self._notes.leave(first, "the connector's name is broken over two lines; it is not taken from this row")
        if event != "*":
            data = data.replace(SEAM, "")
        context = joined_context(context, SEAM).strip()
        return Row(time, connector, session, int(sequence), remote, event, data, context, first, tuple(lines[1:]))

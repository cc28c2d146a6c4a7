"""Lines to rows of a protocol log: nine fields each, mended where the way here damaged them.

Rows are read line by line, so an unbalanced quotation mark costs one row and never what follows.
What is undone here is undone only where the row itself shows what stood there; a value in which
two readings are possible is marked or left out, never chosen (LOG; RFC 4180).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from wizard.facts import Direction, Line, Mended, Unread

ATTRIBUTES = {
    "certificate subject": 1,
    "certificate issuer name": 2,
    "certificate serial number": 3,
    "certificate thumbprint": 4,
    "certificate alternate names": 5,
}
"""The attribute rows of a certificate, and how many rows after its header row each stands."""

ABOUT_OURS = frozenset({"UnknownCredentials", "NoCredentials"})
"""The two errors about this server's own certificate, before anything of the other side is seen."""

ERRORS = ABOUT_OURS | {
    "SocketError",
    "InvalidToken",
    "UntrustedRoot",
    "CertExpired",
    "CertUnknown",
    "AlgorithmMismatch",
    "IllegalMessage",
    "ConnectionAborted",
}
"""The error names that are known. Any other name is shown as it stands."""

_HEADER = re.compile(r"(?i)(Sending|Received|Remote) certificate(?![\w-])\s*(.*)")

_FAILED = re.compile(r"(?i)TLS negotiation failed with error (\S+)")

_SUCCEEDED = re.compile(r"(?i)TLS protocol (SP_PROT_\w+_CLIENT) negotiation succeeded")

_UNCONNECTED = re.compile(r"(?i)Failed to connect\b")

_INFORMATION = re.compile(
    r"(?i)(?:Sending|Received|Remote) certificate(?![\w-])"
    r"|Certificate (?:subject|issuer name|serial number|thumbprint|alternate names)$"
    r"|TLS negotiation failed with error \S|TLS protocol SP_PROT_|Failed to connect\b"
    r"|attempting to connect$|Set Session Permissions$|Proxying inbound session "
)

_PLAIN = frozenset({"attempting to connect", "set session permissions"})

_MOST_SEAMS = 3

_remembered = lru_cache(maxsize=1024)
"""A log repeats a few dozen contexts millions of times: asking each once is a third of the reading's time."""


@_remembered
def header(context: str) -> tuple[str, str] | None:
    """Of a certificate's header row: `sending`, `received` or `remote`, and the words after it; else None."""
    found = _HEADER.match(context)
    return (found[1].casefold(), found[2]) if found else None


@_remembered
def attribute(context: str) -> str | None:
    """Of an attribute row: which attribute, a key of `ATTRIBUTES`; else None."""
    words = " ".join(context.casefold().split())
    return words if words in ATTRIBUTES else None


@_remembered
def failed(context: str) -> str | None:
    """Of a failure row: the error's name as it stands; else None."""
    found = _FAILED.match(context)
    return found[1].rstrip(".,;") or found[1] if found else None


@_remembered
def succeeded(context: str) -> str | None:
    """Of a send side's success row: the protocol, such as `SP_PROT_TLS1_2_CLIENT`; else None."""
    found = _SUCCEEDED.match(context)
    return found[1] if found else None


@_remembered
def unconnected(context: str) -> bool:
    """Whether the row says that the connection itself failed, so that no handshake began."""
    return _UNCONNECTED.match(context) is not None


@_remembered
def about_tls(context: str) -> bool:
    """Whether an information row with this context shows a certificate or how a handshake ended."""
    return bool(attribute(context) or header(context) or failed(context) or succeeded(context))


def is_information(context: str) -> bool:
    """Whether only an information row (event `*`) has this context."""
    return _INFORMATION.match(context) is not None


def is_whole(context: str, data: str) -> bool:
    """Whether an information row with this context can lack nothing at its end."""
    words = " ".join(context.casefold().split())
    if found := header(words):
        return words.endswith(" alternate names") if found[1] or data else True
    if error := failed(context):
        return error in ERRORS
    return words in ATTRIBUTES or words in _PLAIN or succeeded(context) is not None


def joined_context(context: str, seam: str) -> str:
    """A wrapped context with or without a blank at each `seam`, whichever makes words Exchange writes."""
    seams = context.count(seam)
    if not seams:
        return context
    pieces = [piece.strip() for piece in context.split(seam)]
    joiners = product(("", " "), repeat=seams) if seams <= _MOST_SEAMS else ([""] * seams, [" "] * seams)
    ways = ["".join(map("".join, zip(pieces, [*way, ""], strict=True))) for way in joiners]
    for test in (lambda way: is_whole(way, ""), lambda way: is_whole(way, "data"), is_information):
        if found := next(filter(test, ways), None):
            return found
    return ways[-1]


SEAM = "\x1e"
"""Stands in a value where a wrapped row was joined and a blank may or may not have stood there."""

FIELDS = 9

_EVENTS = frozenset("+-<>*")

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z"

_FIELD = r'"[^"]*(?:""[^"]*)*"|[^,"]*'

ROW = re.compile(
    rf"({_TIME}),({_FIELD}),([0-9A-Fa-f]{{16}}),([0-9]{{1,9}}),[^,\"]*,([^,\"]*),([-+<>*]),({_FIELD}),({_FIELD})"
)

STARTS = re.compile(rf"{_TIME},")

STARTS_INSIDE = re.compile(
    rf'{_TIME},(?:"[^"]{{0,256}}(?:""[^"]{{0,256}}){{0,8}}"|[^,"]{{0,256}}),[0-9A-Fa-f]{{16}},[0-9]{{1,9}},'
)

_SESSION = re.compile(r"[0-9A-Fa-f]{16}")

_SEQUENCE = re.compile(r"[0-9]{1,9}")

_IN_FRONT = re.compile(r"(?:[\s>|•·▪◦*+-]|\(?[0-9]{1,6}[.):])++")

_FILE_IN_FRONT = re.compile(r"(?i)\s*[^,\"\n]{1,260}?\.(?:log|txt):(?:[0-9]{1,9}:)?")

HEADER = re.compile(
    r"(?i)#\s*(?:Software|Version|Log-type|Date|Fields)\s*:"
    r"|Software: Microsoft Exchange|Version: [0-9]+\.[0-9.]+\s*$"
    r"|Log-type: SMTP|Fields: date-time,|Date: [0-9]{4}-[0-9-]{5}T"
)

LOG_TYPE = re.compile(r"(?i)Log-type\s*:\s*SMTP (Send|Receive) Protocol Log")

FIELD_NAMES = "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"

_CURLY = "“”„‟″"

_CURLY_DELIMITER = re.compile(
    rf"(?<=,)[{_CURLY}]|[{_CURLY}](?=\s*(?:,|$))|(?<=[{_CURLY}])[{_CURLY}]|[{_CURLY}](?=[{_CURLY}])"
)

_CURLY_PAIR = re.compile(rf"[{_CURLY}]{{2}}")


class NoRow(ValueError):
    """A text that is no row of a protocol log; the message says why, in words for the reader of the log."""


def bare(field: str) -> str:
    """A field without its quotation marks."""
    return field[1:-1].replace('""', '"') if field[:1] == '"' else field


def row_of(text: str) -> tuple[list[str], str]:
    """The nine fields of a row and what was mended in them, empty for nothing.

    Raises:
        NoRow: the fields are no row; the message says why.
    """
    try:
        return _checked(_parsed(text))
    except NoRow as reason:
        why = reason
    for straightened in (straight(text), _CURLY_PAIR.sub('"', text)):
        if straightened != text:
            with suppress(NoRow):
                fields, what = _checked(_parsed(straightened))
                return fields, what or "took curly quotation marks for the ones around fields"
    raise why


def is_row(text: str) -> bool:
    """Whether the text is a row whose end can lack nothing."""
    try:
        fields, _ = row_of(text)
    except NoRow:
        return False
    return is_whole(joined_context(fields[8], SEAM), fields[7])


def _parsed(text: str) -> list[str]:
    """The fields of one row after RFC 4180."""
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        if text.count('"') % 2:
            raise NoRow("a quotation mark opens a field of this row and never closes it") from None
        raise NoRow("the quotation marks of this row do not fit its fields") from None


def _checked(fields: list[str]) -> tuple[list[str], str]:
    """The fields, nine and each of its kind, and what was mended."""
    fields, what = _mended_fields(fields)
    if len(fields) < FIELDS:
        raise NoRow(f"the row has {len(fields)} of its nine fields: it is cut off")
    if len(fields) > FIELDS:
        raise NoRow(f"the row has {len(fields)} fields instead of nine")
    fields[2:6] = (field.replace(SEAM, "").strip() for field in fields[2:6])
    if not _SESSION.fullmatch(fields[2]):
        raise NoRow("the session-id is not 16 hex digits: a spreadsheet may have changed it, take the original file")
    if not _SEQUENCE.fullmatch(fields[3]):
        raise NoRow("the sequence-number is no number")
    if fields[6] not in _EVENTS:
        raise NoRow("the event is none of + - > < *")
    return fields, what


def _mended_fields(fields: list[str]) -> tuple[list[str], str]:
    """Nine fields again, where the event's star or the endpoints were eaten, and what was done."""
    count = len(fields)
    if count == FIELDS and not fields[6].strip() and is_information(joined_context(fields[8], SEAM)):
        return [*fields[:6], "*", *fields[7:]], "put back the star of an information row"
    if count in {FIELDS - 1, FIELDS - 2} and fields[count - 3] in _EVENTS:
        return [*fields[:4], "", "", *fields[-3:]], "put back the empty endpoint fields"
    if count == FIELDS - 1 and fields[6] not in _EVENTS and is_information(joined_context(fields[7], SEAM)):
        return [*fields[:6], "*", *fields[6:]], "put back the star of an information row"
    return list(fields), ""


def in_front(text: str) -> tuple[str, str]:
    """What stands in front of a row or header on this line, and in words what it is; empty if nothing does."""
    found = _IN_FRONT.match(text)
    if found and (STARTS.match(text, found.end()) or HEADER.match(text, found.end())):
        prefix = found[0]
        if ">" in prefix or "|" in prefix:
            return prefix, "removed quote marks in front of the row"
        if any(c.isdigit() for c in prefix):
            return prefix, "removed the list number in front of the row"
        return prefix, "removed the list mark in front of the row" if prefix.strip() else "removed the indentation"
    if not STARTS.match(text) and (found := _FILE_IN_FRONT.match(text)) and STARTS_INSIDE.match(text, found.end()):
        return found[0], "removed the file name that a search put in front of the row"
    return "", ""


def straight(text: str) -> str:
    """The text with straight quotation marks where curly ones stand around fields; of the same length."""
    return text if text.isascii() else _CURLY_DELIMITER.sub('"', text)


def split_rows(text: str) -> list[str]:
    """The rows that stand on one line. A row start inside a quoted field is the partner's words, not a row."""
    if _CURLY_PAIR.search(text):
        return [text]
    quoting = straight(text)
    cuts, quotes, last = [0], 0, 0
    for start in STARTS_INSIDE.finditer(quoting):
        quotes += quoting.count('"', last, start.start())
        last = start.start()
        if last and quotes % 2 == 0:
            cuts.append(last)
    return [text[begin:end].rstrip() for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def count_commas(text: str, quoted: bool) -> tuple[int, bool]:
    """How many commas stand outside quotation marks, and whether the text ends inside them."""
    parts = text.split('"')
    return sum(part.count(",") for part in parts[int(quoted) :: 2]), quoted ^ (len(parts) % 2 == 0)


def seam(before: str, after: str, quoted: bool) -> tuple[str, str, str]:
    """Both sides of a wrap and what belongs between: nothing, or `SEAM` where a blank may have stood."""
    left, right = before.rstrip(), after.lstrip()
    blanks = len(before) - len(left), len(after) - len(right)
    if blanks == (1, 0) or not left or not right:
        return before, "", after
    if not quoted and (left[-1] in ',"' or right[0] == ","):
        return left, "", right
    if quoted and (left.endswith(',"') or (right[0] == '"' and right[1:2] != '"')):
        return left, "", right
    return left, SEAM, right


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

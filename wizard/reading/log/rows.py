"""Reads lines into rows of a protocol log: nine fields each, repaired where the way here damaged them.

Rows are read line by line, so an unbalanced quotation mark costs one row and never the rest. A repair is made only if
the row itself shows the original; an ambiguous value is marked or dropped, never chosen (LOG; RFC 4180).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from wizard.facts import Direction, Line, Mended, Unread
from wizard.reading.residue import (
    EVENTS,
    HEADER,
    STARTS,
    STARTS_INSIDE,
    TIME,
    behind,
    delimited,
    in_front,
    is_escaped,
    is_line_of_a_list,
    is_rule,
    labels_a_search,
    names_a_file,
    names_the_fields,
    sticks,
    unescaped,
    unquoted,
    without_backslashes,
    words_in_front,
)
from wizard.reading.text import INVISIBLE, cells

ATTRIBUTES = {
    "certificate subject": 1,
    "certificate issuer name": 2,
    "certificate serial number": 3,
    "certificate thumbprint": 4,
    "certificate alternate names": 5,
}
"""The attribute rows of a certificate, with their distance from its header row."""

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
    "LogonDenied",
    "Unsupported",
    "UnsupportedFunction",
    "DecryptFailure",
    "MessageAltered",
}
"""The known error names. Any other name is shown unchanged."""

_HEADER = re.compile(r"(?i)(Sending|Received|Remote) certificate(?![\w-])\s*(.*)")

_FAILED = re.compile(r"(?i)TLS negotiation failed with error\s+(\S+)")

_TAG = re.compile(r"<[^<>]{1,200}>|&[#\w]{2,8};")

_NAME = re.compile(r"-?[^\W_](?:[\w-]*[^\W_])?")

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


_AROUND = re.compile(r"^\W+|\W+$")


@_remembered
def header(context: str) -> tuple[str, str] | None:
    """The kind of a certificate's header row, `sending`, `received` or `remote`, and the words after it; else None."""
    found = _HEADER.match(context)
    return (found[1].casefold(), found[2]) if found else None


@_remembered
def attribute(context: str) -> str | None:
    """The attribute of an attribute row, a key of `ATTRIBUTES`; else None."""
    words = " ".join(context.casefold().split())
    if words in ATTRIBUTES:
        return words
    bare_words = _AROUND.sub("", words)
    return bare_words if bare_words in ATTRIBUTES else None


@_remembered
def failed(context: str) -> str | None:
    """The error's name in a failure row, unchanged; else None."""
    found = _FAILED.match(context)
    return error_name(found[1]) if found else None


_BY_LETTERS = {name.casefold(): name for name in ERRORS}


def error_name(written: str) -> str:
    """The error's name without residue; a known one is recognised by its letters alone."""
    name = _TAG.sub("", written)
    letters = "".join(filter(str.isalpha, name)).casefold()
    if letters in _BY_LETTERS and not name.isalpha():
        return _BY_LETTERS[letters]
    found = _NAME.search(name)
    return found[0] if found else written


@_remembered
def succeeded(context: str) -> str | None:
    """The protocol of a send side's success row, such as `SP_PROT_TLS1_2_CLIENT`; else None."""
    found = _SUCCEEDED.match(context)
    return found[1] if found else None


@_remembered
def unconnected(context: str) -> bool:
    """True if the connection itself failed, so that no handshake began."""
    return _UNCONNECTED.match(context) is not None


@_remembered
def direction_of(header: str) -> Direction | None:
    """The direction in a line of the header; None for any other line."""
    kind = _LOG_TYPE.search(header)
    return None if kind is None else Direction.SEND if kind[1].casefold() == "send" else Direction.RECEIVE


def is_received(direction: Direction, connector: str) -> bool:
    """True if rows of this connector belong to a receive log."""
    return direction is Direction.RECEIVE or (direction is Direction.UNKNOWN and "\\" in connector)


def about_tls(context: str) -> bool:
    """True if an information row with this context shows a certificate or the end of a handshake."""
    return bool(attribute(context) or header(context) or failed(context) or succeeded(context))


def is_information(context: str) -> bool:
    """True if only an information row (event `*`) has this context."""
    return _INFORMATION.match(context) is not None


def is_whole(context: str, data: str) -> bool:
    """True if an information row with this context can lack nothing at its end."""
    words = " ".join(context.casefold().split())
    if found := header(words):
        return words.endswith(" alternate names") if found[1] or data else True
    if error := failed(context):
        return error in ERRORS
    return words in ATTRIBUTES or words in _PLAIN or succeeded(context) is not None


def joined_context(context: str, seam: str) -> str:
    """A wrapped context with or without a blank at each `seam`, whichever gives words Exchange writes."""
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
"""Marks where a wrapped row was joined and a blank may have been lost."""

FIELDS = 9

_FIELD = r'"[^"]*(?:""[^"]*)*"|[^,"]*'

ROW = re.compile(
    rf"({TIME}),({_FIELD}),([0-9A-Fa-f]{{16}}),([0-9]{{1,9}}),[^,\"]*,([^,\"]*),([-+<>*]),({_FIELD}),({_FIELD})"
)

_SESSION = re.compile(r"[0-9A-Fa-f]{16}")

_WITHOUT_BLANKS = re.compile(
    rf"{TIME},(?:\"[^\"]{{0,300}}\"|[^,\"]{{0,300}}),([0-9A-Fa-f{SEAM}]+,[0-9{SEAM}]*,[^,\"\s]*,[^,\"\s]*),"
)

_SEQUENCE = re.compile(r"[0-9]{1,9}")


_LOG_TYPE = re.compile(r"(?i)Log-type\s*:\s*SMTP (Send|Receive) Protocol Log")

VERSION = re.compile(r"(?i)#\s*Version\s*:\s*([0-9]{1,3}(?:\.[0-9]{1,6}){1,3})\s*$")

FIELD_NAMES = "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"

_CURLY = "“”„‟″"

_CURLY_DELIMITER = re.compile(
    rf"(?<=,)[{_CURLY}]|[{_CURLY}](?=\s*(?:,|$))|(?<=[{_CURLY}])[{_CURLY}]|[{_CURLY}](?=[{_CURLY}])"
)

_CURLY_PAIR = re.compile(rf"[{_CURLY}]{{2}}")


class NoRow(ValueError):
    """A text is no row of a protocol log; the message says why, for the reader of the log."""


def bare(field: str) -> str:
    """A field without its quotation marks."""
    return field[1:-1].replace('""', '"') if field[:1] == '"' else field


def row_of(text: str) -> tuple[list[str], str]:
    """The nine fields of a row, and the repair made in them, empty for none.

    Raises:
        NoRow: the fields are no row; the message says why.
    """
    if sticks(text):
        kept, stuck = behind(text)
        fields, what = row_of(kept)
        return fields, what or stuck
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
    """True if the text is a row whose end can lack nothing."""
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
    """Nine valid fields, and the repair made."""
    fields, what = _mended_fields(_without_marks(fields))
    if len(fields) < FIELDS:
        raise NoRow(f"the row has {len(fields)} of its nine fields: it is cut off")
    if len(fields) > FIELDS:
        raise NoRow(f"the row has {len(fields)} fields instead of nine")
    fields[2:6] = (field.replace(SEAM, "").strip() for field in fields[2:6])
    if not _SESSION.fullmatch(fields[2]):
        raise NoRow("the session-id is not 16 hex digits: a spreadsheet may have changed it, take the original file")
    if not _SEQUENCE.fullmatch(fields[3]):
        raise NoRow("the sequence-number is no number")
    if fields[6] not in EVENTS:
        raise NoRow("the event is none of + - > < *")
    return fields, what


def _without_marks(fields: list[str]) -> list[str]:
    """The fields without invisible marks, unless they hold letters of a name."""
    if "".join(fields).isascii():
        return fields
    return [
        field if place in {1, 7, 8} else "".join(sign for sign in field if sign not in INVISIBLE)
        for place, field in enumerate(fields)
    ]


def _mended_fields(fields: list[str]) -> tuple[list[str], str]:
    """Restore nine fields after some were lost or a spreadsheet added empty ones; and the repair made."""
    mended, what = _with_eaten(fields)
    if what or (len(fields) == FIELDS and fields[6] in EVENTS):
        return mended, what
    kept = list(fields)
    while len(kept) > FIELDS - 2 and not kept[-1].strip():
        kept.pop()
        mended, _ = _with_eaten(kept)
        if len(mended) == FIELDS and mended[6] in EVENTS and _SEQUENCE.fullmatch(mended[3].strip()):
            return [*mended[:8], behind(mended[8])[0]], "removed the empty fields that a spreadsheet put behind the row"
    return list(fields), ""


def _with_eaten(fields: list[str]) -> tuple[list[str], str]:
    """Restore nine fields after the event's star or the endpoints were lost; and the repair made."""
    count = len(fields)
    if count == FIELDS and not fields[6].strip() and is_information(joined_context(fields[8], SEAM)):
        return [*fields[:6], "*", *fields[7:]], "put back the star of an information row"
    if count in {FIELDS - 1, FIELDS - 2} and fields[count - 3] in EVENTS:
        return [*fields[:4], "", "", *fields[-3:]], "put back the empty endpoint fields"
    if count == FIELDS - 1 and fields[6] not in EVENTS and is_information(joined_context(fields[7], SEAM)):
        return [*fields[:6], "*", *fields[6:]], "put back the star of an information row"
    return list(fields), ""


def straight(text: str) -> str:
    """The text with straight quotation marks in place of curly ones around fields; of the same length."""
    return text if text.isascii() else _CURLY_DELIMITER.sub('"', text)


def split_rows(text: str) -> list[str]:
    """The rows on one line. A row start inside a quoted field is the partner's words, not a row."""
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
    """The number of commas outside quotation marks, and whether the text ends inside them."""
    parts = text.split('"')
    return sum(part.count(",") for part in parts[int(quoted) :: 2]), quoted ^ (len(parts) % 2 == 0)


def seam(before: str, after: str, quoted: bool) -> tuple[str, str, str]:
    """Both sides of a wrap and the text between: nothing, or `SEAM` if a blank may have been lost."""
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
"""The most entries of repairs, and of unread parts, that are kept; the rest is counted."""

MOST_PIECES = 64
"""A row wrapped over more lines than this is no row: even 40 columns need fewer for the longest reply."""

_NO_ROWS = "from here to the next row there is nothing that is a row of a protocol log"

_NEARLY = (
    (
        re.compile(
            r"^\W{0,20}[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}[ T][^,;\t]{0,20}[,;\t].{0,300}"
            r"[,;\t](?:[-+<>*]|TLS|Certif)"
        ),
        "this row's time is not as Exchange writes it: a spreadsheet may have changed it, take the original file",
    ),
    (
        re.compile(r"[,;\t][0-9A-Fa-f]{16}[,;\t][0-9]{1,9}[,;\t]"),
        "this row has a session-id, but no time and connector in front of it: its begin is missing",
    ),
    (
        re.compile(rf"(?:^|[^0-9]){TIME}"),
        "a time stands here, but not the connector, session-id and number of a row behind it",
    ),
)

_QUOTES = frozenset("\"'“”„")

_MOST_BLANKS_TRIMMED = 3

_STILL_WRITING = "the last row is cut off: the service is still writing this file"


class Row(NamedTuple):
    """A row of a protocol log. `line` is where it begins; `more` are the lines it was wrapped over.

    `connector` is empty if a wrap broke the name. `data` holds `SEAM` where a wrap may have lost a blank.
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
        """All lines of the row."""
        return (self.line, *self.more)


def is_plain(text: str) -> bool:
    """True if a line is simply a row, as nearly all are: whole, printable, without prefix."""
    return text.isprintable() and ROW.fullmatch(text) is not None and not sticks(text)


def plain_row(line: Line) -> Row | None:
    """The row that is the whole line, as Exchange wrote it; None if it is not."""
    match = ROW.fullmatch(line.text)
    if match is None or sticks(line.text):
        return None
    time, connector, session, sequence, remote, event, data, context = match.groups()
    if '"' in line.text:
        connector, data, context = bare(connector), bare(data), bare(context)
    return Row(time, connector, session, int(sequence), remote, event, data, context, line)


class LogNotes:
    """The repairs and the unread parts, each up to `MOST_NOTES` and then counted."""

    def __init__(self) -> None:
        self._mended: list[Mended] = []
        self._unread: list[Unread] = []
        self._more_mended = 0
        self._more_unread = 0
        self._missed: dict[str, None] = {}

    def mend(self, line: Line, what: str) -> None:
        """Note a repair."""
        self.add(mended=(Mended(line.source, line.number, what),))

    def leave(self, line: Line, why: str) -> None:
        """Note an unread part."""
        self.add(unread=(Unread(line.source, line.number, why),))

    def miss(self, source: str, why: str) -> None:
        """Note a file of which all, or the rest, was not read."""
        self._missed[source] = None
        self.add(unread=(Unread(source, 0, why),))

    def join(self, notes: LogNotes) -> None:
        """Add another reader's notes."""
        self._missed |= notes._missed
        self.add(notes.mended, notes.unread)

    def add(self, mended: Iterable[Mended] = (), unread: Iterable[Unread] = ()) -> None:
        """Add repairs and unread parts."""
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
    def missed(self) -> tuple[str, ...]:
        """The files that were not read to their end."""
        return tuple(self._missed)

    @property
    def mended(self) -> tuple[Mended, ...]:
        """The repairs; a last entry counts the others."""
        if not self._more_mended:
            return tuple(self._mended)
        last = self._mended[-1]
        return (*self._mended, Mended(last.source, last.line, f"and {self._more_mended:,} more were mended"))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The unread parts; a last entry counts the others."""
        if not self._more_unread:
            return tuple(self._unread)
        last = self._unread[-1]
        return (*self._unread, Unread(last.source, last.line, f"and {self._more_unread:,} more could not be read"))


@dataclass(slots=True)
class _Open:
    """An unfinished row: its text so far, and its open quotation mark.

    `alone` is the row that its first `own` lines make, if later ones may or may not belong to it. `seams` are the lines
    that end in a `SEAM`, in order.
    """

    text: list[str]
    lines: list[Line]
    prefix: str
    commas: int
    quoted: bool
    alone: Row | None = None
    own: int = 0
    seams: list[Line] = field(default_factory=list)


class RowReader:
    """Reads a stream of lines into rows; holds a row back until it is certainly complete.

    `direction` comes from the nearest header before the rows, `headers` from all headers, `version` is the first one
    named.
    """

    def __init__(self, notes: LogNotes) -> None:
        self.direction = Direction.UNKNOWN
        self.headers: set[Direction] = set()
        self.version = ""
        self.sources: dict[str, None] = {}
        self._notes = notes
        self._source = ""
        self._blank_noted = self._astray = self._heading = False
        self._escaped = self._backslashed = self._began = self._sure_width = False
        self._beside: Line | None = None
        self._labelled = False
        self._width_of = ""
        self._width = 0
        self._held: Row | None = None
        self._open: _Open | None = None
        self._joined: _Open | None = None

    def look_ahead(self, lines: Sequence[Line]) -> None:
        """Learn the width of the console that broke a search's rows, which follow the name of a file.

        All rows that it broke have one length; another length means that something else broke them.
        """
        if (self._width and self._width_of == self._source) or not any(names_a_file(line.text) for line in lines):
            return
        broken = [
            cells(line.text.rstrip())
            for line, after in pairwise(lines)
            if line.text.strip() and after.text.strip() and not labels_a_search(line.text) and self._goes_on(after.text)
        ]
        if broken and max(broken) - min(broken) <= _MOST_BLANKS_TRIMMED:
            self._width = max(broken)
            self._width_of, self._sure_width = lines[0].source, True

    @staticmethod
    def _goes_on(text: str) -> bool:
        """True if a line may continue the row above it."""
        return not (STARTS.match(text) or in_front(text)[1] or labels_a_search(text) or is_rule(text))

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """The rows on these lines, except the last one, which the next lines may continue."""
        for line in lines:
            if line.source != self._source:
                yield from self._new_source(line.source)
            row = None if self._escaped and "&" in line.text else plain_row(line)
            if row is None:
                yield from self._read_damaged(line)
                continue
            if self._held is not None:
                yield self._held
            elif self._open is not None:
                yield from self.end()
            self._astray = self._heading = False
            self._began = True
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
        """A new file: an open row of the last one cannot continue in it."""
        yield from self.end()
        self.direction = Direction.UNKNOWN
        self.sources[source] = None
        self._source = source
        self._blank_noted = self._astray = self._heading = False
        self._escaped = False
        if self._width_of != source:
            self._width, self._sure_width = 0, False

    def _read_damaged(self, line: Line) -> Iterator[Row]:
        """Read a line that is not simply a row: a header, a damaged row, a piece of one, or something else."""
        if not line.text.strip():
            if not self._blank_noted:
                self._blank_noted = True
                self._notes.mend(line, "skipped blank lines")
            return
        shown = self._shown(line)
        prefix, text, what = self._without_front(shown)
        if STARTS.match(text):
            yield from self.end()
            if what:
                self._notes.mend(line, what)
            if prefix.rstrip()[-1:] in _QUOTES:
                text = unquoted(text)
            yield from self._begin(prefix, text, line)
        elif HEADER.match(text):
            yield from self.end()
            yield from self._header(prefix, text, line)
        elif self._heading and text.strip() in FIELD_NAMES:
            return
        elif self._is_beside_rows(shown):
            yield from self.end()
            self._beside = self._beside or line
        elif not self._go_on(line):
            self._leave(line)

    def _without_front(self, shown: str) -> tuple[str, str, str]:
        """The prefix of a row, the text behind it, and a description of the repair."""
        prefix, what = in_front(shown)
        text = shown[len(prefix) :]
        if what or STARTS.match(text) or (self._open and self._open.quoted):
            return prefix, text, what
        if row := delimited(shown):
            return "", row, "joined the cells of a table to a row"
        if prefix := words_in_front(shown):
            return prefix, shown[len(prefix) :], "removed the words in front of the row"
        return "", shown, ""

    def _is_beside_rows(self, shown: str) -> bool:
        """True if a line has only what a page or a search puts between rows."""
        was_label, self._labelled = self._labelled, labels_a_search(shown)
        if self._labelled or (was_label and shown[:8].isspace()):
            self._labelled = True
            return True
        return (is_rule(shown) or names_the_fields(shown)) and not (self._open and self._open.quoted)

    def finish(self) -> None:
        """Note the text beside rows: skipped if there were rows, otherwise unread."""
        if self._beside and self._began:
            self._notes.mend(self._beside, "skipped lines that hold only signs or a search's labels")
        elif self._beside:
            self._leave(self._beside)

    def _shown(self, line: Line) -> str:
        """Replace the entities and backslashes of a page."""
        if not self._escaped and is_escaped(line.text):
            self._escaped = True
            self._notes.mend(line, "read a web page's entities as the characters they stand for")
        shown = unescaped(line.text) if self._escaped and "&" in line.text else line.text
        plain = without_backslashes(shown)
        if plain != shown and not self._backslashed:
            self._backslashed = True
            self._notes.mend(line, "removed the backslashes that Markdown puts in front of signs")
        return plain

    def _leave(self, line: Line) -> None:
        """Note a line that is no row: with a reason if it looks like one, otherwise once for each run."""
        for looks, why in _NEARLY:
            if looks.search(line.text):
                self._notes.leave(line, why)
                return
        if not self._astray:
            self._astray = True
            self._notes.leave(line, _NO_ROWS)

    def _header(self, prefix: str, text: str, line: Line) -> Iterator[Row]:
        """A header line, and the rows that may have run together with it."""
        if not text.startswith("#"):
            self._notes.mend(line, "took the line for a header that lost its #")
        self._astray, self._heading = False, True
        start = STARTS_INSIDE.search(text)
        head = text[: start.start()] if start else text
        if not self.version and (version := VERSION.search(head)):
            self.version = version[1]
        if direction := direction_of(head):
            self.direction = direction
            self.headers.add(direction)
        if start:
            self._notes.mend(line, "split a header and rows that had run together")
            yield from self._begin(prefix, text[start.start() :], line)

    def _begin(self, prefix: str, text: str, line: Line) -> Iterator[Row]:
        """The rows of a line that begins with one: all but the last are over, the last may go on."""
        self._astray = self._heading = self._labelled = False
        self._began = True
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
                # A console that breaks behind a blank leaves it here.
                blanks = text[len(text.rstrip()) :]
                self._open = _Open([piece + blanks], [own], prefix, commas, quoted)

    def _go_on(self, line: Line) -> bool:
        """Join a line to the unfinished row before it; False if it does not belong to it."""
        pending = self._reopened() if self._held else self._open
        if pending is None or len(pending.lines) >= MOST_PIECES:
            return False
        if not pending.alone and pending.commas < FIELDS - 1 and not pending.quoted and is_row("".join(pending.text)):
            return False
        shown = self._shown(line)
        text = shown.removeprefix(pending.prefix)
        indented = is_line_of_a_list(pending.prefix) and shown[: len(pending.prefix)].isspace()
        if indented:
            text = shown[len(pending.prefix) :]
        commas, quoted = count_commas(straight(text), pending.quoted)
        trimmed = self._trimmed(pending.lines[-1])
        if trimmed < 0 and self._sure_width:
            return False
        if trimmed >= 0 or (indented and text[:1].isspace()):
            joined = (pending.text[-1] + " " * trimmed, "", text)
        else:
            joined = seam(pending.text[-1], text, pending.quoted)
        pending.text[-1:] = [*joined]
        if joined[1]:
            pending.seams.append(pending.lines[-1])
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
        """Reopen the row held back if its context may continue; None if it is complete."""
        row = self._held
        if row is None or row.event != "*" or is_whole(row.context, row.data):
            return None
        pending = self._joined
        if pending is None or pending.lines[0] is not row.line:
            shown = self._shown(row.line)
            prefix, _ = in_front(shown)
            prefix = prefix or ("" if STARTS.match(shown) else words_in_front(shown))
            text = shown[len(prefix) :]
            pending = _Open([text], [row.line], prefix, *count_commas(straight(text), False))
        pending.alone, pending.own = row, len(pending.lines)
        return pending

    def _trimmed(self, line: Line) -> int:
        """The number of blanks lost behind a line broken by a console of known width; negative if it did not break it.

        A console breaks inside words and loses nothing, but a copy of its window has no blanks at the end of a line.
        """
        short = self._width - cells(line.text) if self._width > 0 else -1
        return short if 0 <= short <= (_MOST_BLANKS_TRIMMED if self._sure_width else 0) else -1

    def _learn_width(self, pending: _Open) -> None:
        """Learn the console's width from a broken session-id or endpoint, and join the lines it broke.

        Those contain no blanks. A mail that breaks rows at blanks has lines of many lengths, so lines of another length
        mean that there was no console.
        """
        text = "".join(pending.text)
        found = _WITHOUT_BLANKS.match(text)
        if self._width < 0 or not found or SEAM not in found[1]:
            return
        width = cells(pending.seams[text.count(SEAM, 0, found.start(1) + found[1].index(SEAM))].text)
        lengths = {cells(line.text) for line in pending.lines[:-1]}
        if lengths != {width} or self._width not in {0, width}:
            self._width = -1
            return
        self._width = width
        pending.text, pending.seams = [text.replace(SEAM, "")], []

    def _close(self, pending: _Open, cut: bool = False) -> Row | None:
        """The unwrapped row, or None, noted as unread."""
        if pending.seams:
            self._learn_width(pending)
        if pending.alone and not is_row("".join(pending.text)):
            self._notes.leave(pending.lines[pending.own], _NO_ROWS)
            return pending.alone
        row = self._parse("".join(pending.text), pending.lines, cut)
        if row and len(pending.lines) > 1:
            self._notes.mend(pending.lines[0], f"joined a row that was wrapped over {len(pending.lines)} lines")
        return row

    def _parse(self, text: str, lines: list[Line], cut: bool = False) -> Row | None:
        """The row in the text, repaired, or None, noted as unread with the reason."""
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

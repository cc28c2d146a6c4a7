"""Reads records from Format-Table: the table's end, its columns, and rows broken by -Wrap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wizard.facts import THUMBPRINT_DIGITS, Line
from wizard.reading.records import PROPERTY_NAMES, Record, Value, printed
from wizard.reading.text import ELLIPSES, cells, is_command

WIDEST = 2000
"""The widest header, in console columns: PowerShell's own buffer ends far earlier."""

MOST_COLUMNS = 40
"""The most columns: none of Exchange's objects is printed with more."""

MOST_ROWS = 5000
"""The most rows of one table; an organisation with more queues or certificates uses CSV."""

MOST_HEADER_LINES = 20
"""The most header lines: a column two characters wide breaks the longest of Exchange's property names over that many.
"""

_DASHES = frozenset("-\u2013\u2014")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_WIDE = "\0"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's name and its header's place in console columns."""

    name: str
    start: int
    end: int


_ALWAYS = frozenset(
    {
        "thumbprint",
        "services",
        "status",
        "hasprivatekey",
        "isselfsigned",
        "rootcatype",
        "notafter",
        "notbefore",
        "identity",
        "name",
        "guid",
        "deliverytype",
        "messagecount",
        "velocity",
        "risklevel",
        "enabled",
        "protocollogginglevel",
        "sourcetransportservers",
        "requiretls",
        "frontendproxyenabled",
        "cloudservicesmailenabled",
        "ignorestarttls",
    }
)
"""Properties that every object has: a row without one that the rows above have begins no object."""

_FIRST_PIECES = {
    "thumbprint": re.compile(
        r"(?i)[0-9a-f]{8,}|[0-9a-fx*#]*(?:\u2026|\.{3,})[0-9a-fx*#]*|[x*#]{4,}|<.*|.*(?:redacted|removed|hidden).*"
    ),
    "tlscertificatename": re.compile(r"(?i)<i>.*|\u2026.*|\.{3}.*"),
    "certificatedomains": re.compile(r"\{.*"),
    "sourcetransportservers": re.compile(r"\{.*"),
    "addressspaces": re.compile(r"\{.*"),
    "smarthosts": re.compile(r"\{.*"),
    "lasterror": re.compile(r"[\[{\d\"'].*|\u2026.*|\.{3}.*"),
}
"""The beginning of a property's value: any other cell continues the one above it."""

_OF_A_QUEUE = frozenset({"deliverytype", "messagecount", "nexthopdomain", "lasterror", "nexthopconnector"})

_QUEUE_IDENTITY = re.compile(r".*\\.*|.*(?:\u2026|\.{3}).*")

_SERVICES = re.compile(r"(?i)(?:[A-Za-z]+)(?:, ?[A-Za-z]+)*,?|\d{1,6}|[A-Z.\u2026]+|.*(?:\u2026|\.{3}).*")

_FENCE = re.compile(r"(?i)\s*(?:`{3}|~{3}|!\[|</?(?:br|p|div|pre|code|span|img|table|t[rd]|li|ul|hr)\b|\*{5})")
"""The lines web pages and transcripts put below a table."""

_OFTEN_CUT = frozenset({"subject", "issuer"})

_ROWS_THAT_END_ALIKE = 3
"""This many different subjects that end in the same column were cut there."""


@dataclass(slots=True)
class _Cell:
    """A cell of a record: its pieces, and the row number of its last piece."""

    pieces: list[str] = field(default_factory=list)
    leading: list[bool] = field(default_factory=list)
    row: int = -1

    def used(self, at: int) -> int:
        """The column's width taken by a piece."""
        return len(self.pieces[at]) + self.leading[at]

    def add(self, piece: str, *, leading: bool, row: int) -> None:
        """Add a piece, which may have followed a blank of the value."""
        self.pieces.append(piece)
        self.leading.append(leading)
        self.row = row


@dataclass(slots=True)
class _Draft:
    """A record while its rows are read."""

    cells: list[_Cell]
    lines: list[Line]
    sure: bool = True
    doubtful: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Layout:
    """The separators between columns; no `gutters` if the rows do not keep to columns.

    `doubtful` are columns whose gutter follows an ellipsis that is a word of its own: it ends the value on its left, or
    begins the one on its right, which was cut at its head then.
    """

    gutters: tuple[int, ...] | None
    doubtful: frozenset[int] = frozenset()


def read_table(lines: Sequence[Line]) -> tuple[tuple[Record, ...], tuple[Line, ...]]:
    """The records of every table among the lines, and the other lines.

    A table ends at a blank line, a command, a fence, or a line without its columns.
    """
    records: list[Record] = []
    rest: list[Line] = []
    at = 0
    while at < len(lines):
        columns, first_row = _header(lines, at, rest)
        if not columns:
            rest.append(lines[at])
            at += 1
            continue
        found, count = _rows(columns, _run(lines, first_row))
        if not found:
            rest += lines[at:first_row]
        records += found
        at = first_row + count
    return tuple(records), tuple(rest)


def _run(lines: Sequence[Line], first: int) -> list[Line]:
    """The possible rows below a header."""
    run: list[Line] = []
    for at in range(first, min(len(lines), first + MOST_ROWS)):
        text = lines[at].text
        if not text.strip() or is_command(text) or _FENCE.match(text) or (run and _is_underline(text)):
            break
        run.append(lines[at])
    return run


def _rows(columns: tuple[_Column, ...], run: Sequence[Line]) -> tuple[list[Record], int]:
    """A record for each object, and the number of lines in the table."""
    grid = [_grid(line.text) for line in run]
    layout, count = _layout(columns, grid)
    if layout.gutters is None:
        return [_by_word(columns, line, row) for line, row in zip(run[:count], grid[:count], strict=True)], count
    drafts, taken = _drafts(columns, layout, run[:count], grid[:count])
    if taken < count:
        # Lines that are no rows narrowed the gutters, so repeat without them.
        layout = _gutters(columns, grid[:taken])
        if layout.gutters is None:
            return [_by_word(columns, line, row) for line, row in zip(run[:taken], grid[:taken], strict=True)], taken
        drafts, taken = _drafts(columns, layout, run[:taken], grid[:taken])
    return _records(columns, drafts), taken


def _layout(columns: tuple[_Column, ...], rows: list[str]) -> tuple[_Layout, int]:
    """The column separators, and the number of rows that keep to them and begin like their column."""
    gaps = [_mask(left.end, right.start) for left, right in pairwise(columns)]
    known = _first_cell(columns)
    for number, row in enumerate(rows):
        begins = _begins(columns, known, row)
        if not begins and not number:
            if len(columns) == 1:
                return _Layout(None), 0
            known = None
        free = [gap & ~_taken(row[: columns[-1].end]) for gap in gaps]
        if not all(free) and (not number or (known is not None and begins)):
            # The blanks between the columns were lost: only words separate the cells.
            return _Layout(None), _count_by_word(columns, known, rows)
        if not all(free) or (not begins and not _may_go_on(columns, known, row)):
            return _gutters(columns, rows[:number]), number
        gaps = free
    return _gutters(columns, rows), len(rows)


def _first_cell(columns: tuple[_Column, ...]) -> re.Pattern[str] | None:
    """Matches the first cell of a row, if its column has a known form."""
    name = columns[0].name.casefold()
    if name == "thumbprint":
        return _FIRST_PIECES[name]
    if name == "identity" and any(column.name.casefold() in _OF_A_QUEUE for column in columns):
        return _QUEUE_IDENTITY
    return _SERVICES if name == "services" and len(columns) == 1 else None


def _begins(columns: tuple[_Column, ...], known: re.Pattern[str] | None, row: str) -> bool:
    """True if the first cell of the row fits its column; a blank one continues the row above."""
    if known is None:
        return True
    text = row.replace(_WIDE, "").strip()
    word = text if len(columns) == 1 else text.split(None, 1)[0]
    return bool(known.fullmatch(word)) and len(row) - len(row.lstrip()) < max(columns[0].end, 1)


def _may_go_on(columns: tuple[_Column, ...], known: re.Pattern[str] | None, row: str) -> bool:
    """True if the row can continue the one above: its first cell is blank, or one word of the right kind."""
    first = row[: columns[0].end].strip()
    if not first:
        return True
    word = row.split(None, 1)[0]
    return len(columns) > 1 and (known is not _FIRST_PIECES["thumbprint"] or bool(re.fullmatch("[0-9A-Fa-f]+", word)))


def _count_by_word(columns: tuple[_Column, ...], known: re.Pattern[str] | None, rows: list[str]) -> int:
    """The number of rows in a table whose columns are lost."""
    for number, row in enumerate(rows):
        if not _begins(columns, known, row):
            return number
    return len(rows)


def _by_word(columns: tuple[_Column, ...], line: Line, row: str) -> Record:
    """A row in which only words separate the cells."""
    words = row.replace(_WIDE, "").split(None, len(columns) - 1)
    texts = [word.strip() for word in words] + [""] * (len(columns) - len(words))
    sure = len(words) == len(columns) and " " not in texts[-1]
    values = (
        (column.name, printed(column.name, Value(text, (line,), sure=sure, spaced=text), column=True))
        for column, text in zip(columns, texts, strict=True)
    )
    return Record(tuple(values), (line,))


def _drafts(
    columns: tuple[_Column, ...], layout: _Layout, run: Sequence[Line], grid: Sequence[str]
) -> tuple[list[_Draft], int]:
    """The records of the lines that are rows, and the number of those lines."""
    assert layout.gutters is not None
    bounds = (0, *layout.gutters)
    names = [column.name.casefold() for column in columns]
    known = _first_cell(columns)
    left = [not _right_aligned(column, start, grid) for column, start in zip(columns, bounds, strict=True)]
    drafts: list[_Draft] = []
    widths = [0] * len(columns)
    for number, (line, row) in enumerate(zip(run, grid, strict=True)):
        raw = [row[start:end] for start, end in pairwise((*bounds, max(len(row), bounds[-1])))]
        texts = [piece.strip() for piece in raw]
        widths = [max(width, len(text)) for width, text in zip(widths, texts, strict=True)]
        begins, certain = _is_first(names, known, texts, drafts, widths)
        if not begins and not _goes_on(names, texts, drafts, widths, number):
            return drafts, number
        if begins:
            drafts.append(_Draft([_Cell() for _ in columns], []))
            drafts[-1].doubtful = frozenset(
                at for at in layout.doubtful if row[: bounds[at]].rstrip(_WIDE).endswith(ELLIPSES)
            )
        if not certain:
            for draft in drafts[-2:]:
                draft.sure = False
        drafts[-1].lines.append(line)
        for at, (column, text) in enumerate(zip(columns, texts, strict=True)):
            if text:
                indented = not row[bounds[at] : column.start + 1].strip()
                drafts[-1].cells[at].add(text, leading=left[at] and indented, row=number)
    return drafts, len(run)


def _is_first(
    names: list[str], known: re.Pattern[str] | None, texts: list[str], drafts: list[_Draft], widths: list[int]
) -> tuple[bool, bool]:
    """Whether a row is the first of an object, and whether that is certain."""
    if not drafts:
        return True, True
    if known and known.fullmatch(texts[0].replace(_WIDE, "")):
        return names[0] != "thumbprint" or not _is_rest(drafts[-1].cells[0], texts[0]), True
    top = drafts[0].cells
    for name, text in zip(names, texts, strict=True):
        if text and (known := _FIRST_PIECES.get(name)) and not known.fullmatch(text.replace(_WIDE, "")):
            return False, True
    needed = [at for at, name in enumerate(names) if name in _ALWAYS and top[at].pieces]
    if any(not texts[at] for at in needed):
        return False, True
    if not texts[0]:
        return bool(needed), True
    above = drafts[-1].cells[0].pieces[-1:]
    alone = len(texts) > 1 and not any(texts[1:]) and any(cell.pieces for cell in drafts[-1].cells[1:])
    return True, not (alone and above and _does_not_fit(len(above[0]), texts[0], widths[0]))


def _is_rest(cell: _Cell, text: str) -> bool:
    """True if hex digits complete the thumbprint above them."""
    digits = "".join(cell.pieces) + text
    return len(digits) <= THUMBPRINT_DIGITS and bool(re.fullmatch("[0-9A-Fa-f]+", digits))


def _goes_on(names: list[str], texts: list[str], drafts: list[_Draft], widths: list[int], number: int) -> bool:
    """True if every cell of a row is the overflow of the row above, as -Wrap breaks it."""
    cells_above = drafts[-1].cells
    if (
        "thumbprint" in names
        and (text := texts[at := names.index("thumbprint")])
        and not _is_rest(cells_above[at], text)
    ):
        return False
    filled = [(cell, text, width) for cell, text, width in zip(cells_above, texts, widths, strict=True) if text]
    return bool(filled) and all(
        cell.row == number - 1 and _does_not_fit(cell.used(-1), text, width) for cell, text, width in filled
    )


def _does_not_fit(above: int, text: str, width: int) -> bool:
    """True if the next word and a blank did not fit behind the text above; a column is at least `width` wide."""
    return above + len(text.split(None, 1)[0]) + 2 > width


def _records(columns: tuple[_Column, ...], drafts: list[_Draft]) -> list[Record]:
    widths = [
        max(
            (cell.used(number) for draft in drafts for cell in [draft.cells[at]] for number in range(len(cell.pieces))),
            default=0,
        )
        for at in range(len(columns))
    ]
    cut = _cut_alike(columns, drafts)
    records: list[Record] = []
    for draft in drafts:
        lines = tuple(draft.lines)
        values: list[tuple[str, Value]] = []
        for at, column in enumerate(columns):
            value = printed(column.name, _joined(draft.cells[at], lines, widths[at], sure=draft.sure), column=True)
            if at in draft.doubtful or (cut and at == len(columns) - 1):
                value = replace(value, cut=True)
            values.append((column.name, value))
        records.append(Record(tuple(values), lines))
    return records


def _joined(cell: _Cell, lines: tuple[Line, ...], width: int, *, sure: bool) -> Value:
    """A cell's pieces as one value: a piece shorter than its column ended in a blank that the table lost."""
    plain = spaced = ""
    for at, piece in enumerate(cell.pieces):
        if at:
            certain = cell.leading[at] or cell.used(at - 1) + 1 <= width
            plain += " " if certain else ""
            spaced += " "
            sure = sure and certain
        plain += piece
        spaced += piece
    plain, spaced = plain.replace(_WIDE, ""), spaced.replace(_WIDE, "")
    return Value(plain, lines, sure=sure, spaced=spaced)


def _cut_alike(columns: tuple[_Column, ...], drafts: list[_Draft]) -> bool:
    """True if the values of the last column were cut at one place without a mark, as by some web pages."""
    if columns[-1].name.casefold() not in _OFTEN_CUT or any(len(draft.lines) > 1 for draft in drafts):
        return False
    texts = [piece for draft in drafts for piece in draft.cells[-1].pieces]
    return len(texts) == len(drafts) >= _ROWS_THAT_END_ALIKE and len(set(map(len, texts))) == 1 and len(set(texts)) > 1


def _mask(start: int, end: int) -> int:
    """The positions from `start` up to, not including, `end` as bits."""
    return (1 << end) - (1 << start)


def _taken(row: str) -> int:
    """The non-blank positions of a row as bits."""
    bits = 0
    for found in re.finditer(r"[^ ]+", row):
        bits |= _mask(*found.span())
    return bits


def _gutters(columns: tuple[_Column, ...], rows: list[str]) -> _Layout:
    """The console column between each pair of neighbours; none if rows do not keep to columns.

    PowerShell puts one blank between columns. A right-aligned value wider than its header extends to its left, so the
    gutter is searched between the two headers.
    """
    width = columns[-1].end
    taken, inside, alone = bytearray(width + 1), bytearray(width + 1), bytearray(width + 1)
    for row in rows:
        for found in re.finditer(r"[^ ]+", row[:width]):
            for at in range(*found.span()):
                taken[at] = 1
            # A list continues behind a comma.
            inside[found.end()] |= found[0].rstrip(_WIDE).endswith(",")
            alone[found.end()] |= found[0].rstrip(_WIDE) in ELLIPSES
    gutters: list[int] = []
    doubtful: set[int] = set()
    start = 0
    for number, (left, right) in enumerate(pairwise(columns), start=1):
        free = [at for at in range(left.end, right.start) if not taken[at]]
        if not free:
            return _Layout(None)
        # Hex digits have no blank in them, so the first one ends the thumbprint.
        if left.name.casefold() == "thumbprint" or (not taken[left.end] and _stands_right(left, start, rows)):
            gutter = free[0]
        else:
            clean = [at for at in free if not inside[at]]
            gutter = (clean or free)[-1]
            doubtful |= {number} if alone[gutter] else set()
        beside = not any(taken[gutter : right.start])
        if not beside and not _right_aligned(right, gutter, rows):
            return _Layout(None)
        start = right.start - 1 if beside else gutter
        gutters.append(start)
    return _Layout(tuple(gutters), frozenset(doubtful))


def _stands_right(column: _Column, start: int, rows: list[str]) -> bool:
    """True if every value of a column ends with its header, and one begins elsewhere."""
    filled = [row for row in rows if row[start : column.end].strip()]
    ends = all(row[column.end - 1 : column.end].strip() for row in filled)
    begins = all(
        row[column.start : column.start + 1].strip() and not row[start : column.start].strip() for row in filled
    )
    return bool(filled) and ends and not begins


def _right_aligned(column: _Column, gutter: int, rows: Sequence[str]) -> bool:
    """True if every value ends with its header, except for the blank that -Wrap takes along behind a comma."""
    return all(
        not row[column.end : column.end + 1].strip()
        and (row[column.end - 1 : column.end].strip() or row[: column.end - 1].endswith(","))
        for row in rows
        if row[gutter : column.end].strip()
    )


def _header(lines: Sequence[Line], at: int, rest: list[Line]) -> tuple[tuple[_Column, ...], int]:
    """The columns of a header at this line, and the first row; no columns if it is none."""
    text = lines[at].text
    if len(text) > WIDEST:
        return (), at
    if not _is_underline(text):
        if not _is_bare_header(text) or _underlined_later(lines, at):
            return (), at
        return _by_words(text), at + 1
    # The lines above seemed unread until their underline appeared.
    above: list[Line] = []
    while rest and _may_head(rest[-1].text) and len(above) < MOST_HEADER_LINES:
        above.insert(0, rest.pop())
        if columns := _by_underline([line.text for line in above], text):
            return columns, at + 1
    rest += above
    return (), at


def _may_head(text: str) -> bool:
    return bool(text.strip()) and not _is_underline(text)


def _underlined_later(lines: Sequence[Line], at: int) -> bool:
    """True at the top of a header that breaks over several lines, with its underline below."""
    for line in lines[at + 1 : at + MOST_HEADER_LINES]:
        if not line.text.strip():
            return False
        if _is_underline(line.text):
            return True
    return False


def _is_underline(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) > 1 and len(text) <= WIDEST and set(stripped) - {" "} <= _DASHES


def _is_bare_header(text: str) -> bool:
    """True if the words are Exchange's property names, as in a header that lost its underlines."""
    words = text.split()
    if not 0 < len(words) <= MOST_COLUMNS or not all(_NAME.fullmatch(word) for word in words):
        return False
    return (
        2 * sum(word.casefold() in PROPERTY_NAMES for word in words) >= len(words)
        and words[0].casefold() in PROPERTY_NAMES
    )


def _by_words(text: str) -> tuple[_Column, ...]:
    return tuple(_Column(found[0], found.start(), found.end()) for found in re.finditer(r"\S+", text))


def _by_underline(above: list[str], underline: str) -> tuple[_Column, ...]:
    """The columns, once the header lines above name every one; a narrow header breaks over several lines."""
    words = above[-1].split()
    if not underline.isascii():
        # A web page turned pairs of dashes into one, so columns have moved.
        return _by_words(above[-1])
    spans = [found.span() for found in re.finditer(r"-+", underline)]
    if len(spans) > MOST_COLUMNS:
        return ()
    if len(words) == len(spans):
        return tuple(_Column(word, *span) for word, span in zip(words, spans, strict=True))
    names = ["".join(line[start:end].strip() for line in above) for start, end in spans]
    if all(_NAME.fullmatch(name) for name in names):
        return tuple(_Column(name, *span) for name, span in zip(names, spans, strict=True))
    return ()


def _grid(text: str) -> str:
    """The row with one character for each console column."""
    text = text.replace("\u00a0", " ")
    if text.isascii():
        return text
    return "".join(character + _WIDE * (cells(character) - 1) for character in text)

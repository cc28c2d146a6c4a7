"""What PowerShell prints of objects, to records: Format-List, Format-Table, CSV, JSON and CLIXML.

The form is found by content. No input raises: what is no record is named in `unread`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wizard.facts import Line, Unread
from wizard.reading.converted import find_clixml, find_csv, find_json, read_clixml, read_csv, read_json
from wizard.reading.records import PROPERTY_NAMES, Record, Value, printed
from wizard.reading.text import Text, cells, is_command

_PROPERTY = re.compile(r"\s*([A-Za-z_][\w.()'-]*)\s+:(?:\s|$)")

_NOTICE = re.compile(r"(?:WARNING|VERBOSE|DEBUG|ERROR|AVERTISSEMENT|WARNUNG|WAARSCHUWING)\s?:")


@dataclass(slots=True)
class _Joint:
    """One more line of a value: what it adds, and whether it stood under the value as PowerShell puts it."""

    text: str
    line: Line
    indented: bool


@dataclass(slots=True)
class _Property:
    """A property while it is read: `column` is where its value begins on the line."""

    name: str
    column: int
    text: str
    line: Line
    joints: list[_Joint] = field(default_factory=list)

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.line, *(joint.line for joint in self.joints))

    @property
    def open(self) -> bool:
        """Whether a bracket of the value is still to be closed, so that more of it must follow."""
        written = self.text + "".join(joint.text for joint in self.joints)
        return any(written.count(left) > written.count(right) for left, right in ("{}", "[]"))


@dataclass(slots=True)
class _Paper:
    """What the lines of one list tell about the console they were copied from.

    `width` is the longest line in columns, so the console is at least that wide. `kept` says that
    blanks at line ends survived the copy.
    """

    width: int = 0
    kept: bool = False


class _Lists:
    """Collects properties into records, line by line."""

    def __init__(self) -> None:
        self.records: list[list[_Property]] = []
        self.rest: list[Line] = []
        self._current: list[_Property] = []
        self._names: set[str] = set()
        self._loose: list[Line] = []

    def take(self, line: Line) -> None:
        """One line more: a property, the continuation of one, a blank, or none of these."""
        if not line.text.strip():
            self.end_record()
            self.rest.append(line)
            return
        if self._current and not self._loose and self._continues(line):
            last = self._current[-1]
            last.joints.append(_Joint(line.text[last.column :], line, indented=True))
        elif found := _PROPERTY.match(line.text):
            self._add(_Property(found[1], found.end(), line.text[found.end() :], line))
        elif not self._current or is_command(line.text) or _NOTICE.match(line.text):
            self.end_record()
            self.rest.append(line)
        else:
            self._loose.append(line)

    def _continues(self, line: Line) -> bool:
        column = self._current[-1].column
        return len(line.text) > column and not line.text[:column].strip()

    def _add(self, added: _Property) -> None:
        name = added.name.casefold()
        if name in self._names:
            # The blank line between two records was lost.
            self.end_record()
        elif self._loose:
            self._join_loose()
        self._current.append(added)
        self._names.add(name)

    def _join_loose(self) -> None:
        """Lines without indentation between two properties of one record belong to the upper one."""
        self._current[-1].joints += [_Joint(line.text.strip(), line, indented=False) for line in self._loose]
        self._loose = []

    def end_record(self) -> None:
        """A record is whole; loose lines after it belong to it only while a bracket is open."""
        if self._loose and self._current[-1].open:
            self._join_loose()
        self.rest += self._loose
        self._loose = []
        if self._current:
            self.records.append(self._current)
        self._current, self._names = [], set()


def read_list(lines: Sequence[Line]) -> tuple[tuple[Record, ...], tuple[Line, ...]]:
    """The records of every Format-List among the lines, and the lines that belong to none."""
    lists = _Lists()
    for line in lines:
        lists.take(line)
    lists.end_record()
    papers: dict[int, _Paper] = {}
    for record in lists.records:
        for each in record:
            paper = papers.setdefault(each.column, _Paper())
            for line in each.lines:
                paper.width = max(paper.width, cells(line.text.rstrip()))
                paper.kept = paper.kept or line.text.endswith(" ")
    records = tuple(_list_record(record, papers) for record in lists.records)
    return records, tuple(sorted(lists.rest, key=lambda line: line.number))


def _list_record(properties: list[_Property], papers: dict[int, _Paper]) -> Record:
    values = tuple((each.name, printed(each.name, _value(each, papers[each.column]))) for each in properties)
    return Record(values, tuple(line for each in properties for line in each.lines))


def _value(read: _Property, paper: _Paper) -> Value:
    """The joined value; sure when every joint is."""
    plain, spaced, sure = [read.text], [read.text], True
    upper = Value(read.text, (read.line,))
    for joint in read.joints:
        glue, certain = _glue(upper.lines[0].text, upper.text, joint, paper)
        plain += (glue, joint.text)
        spaced += (glue if certain else " ", joint.text)
        sure = sure and certain
        upper = Value(joint.text, (joint.line,))
    return Value("".join(plain), read.lines, sure=sure, spaced="".join(spaced))


def _glue(upper_line: str, upper: str, joint: _Joint, paper: _Paper) -> tuple[str, bool]:
    """What stands between two lines of a value, nothing or a blank, and whether that is certain.

    A wrap leaves a line shorter than the console only where it took a blank along. A line as long
    as the longest one known may have been cut inside a word, or may have lost its blank to the copy.
    """
    if upper.endswith(" ") or joint.text.startswith(" "):
        return "", True
    if cells(upper_line.rstrip()) + cells(joint.text[:1]) <= paper.width:
        return " ", joint.indented
    return "", joint.indented and paper.kept


WIDEST = 2000
"""A header wider than this, in console columns, is no table's: PowerShell's own buffer ends far earlier."""

MOST_COLUMNS = 40
"""More columns than any of Exchange's objects is ever printed with."""

MOST_ROWS = 5000
"""Rows of one table that are read; an organisation with more queues or certificates prints them as CSV."""

MOST_HEADER_LINES = 20
"""A column two characters wide breaks the longest of Exchange's property names over that many lines."""

_DASHES = frozenset("-\u2013\u2014")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_WIDE = "\0"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's name and the columns of the console that its header takes."""

    name: str
    start: int
    end: int


def read_table(lines: Sequence[Line]) -> tuple[tuple[Record, ...], tuple[Line, ...]]:
    """The records of every table among the lines, and the lines that belong to none."""
    records: list[Record] = []
    rest: list[Line] = []
    at = 0
    while at < len(lines):
        columns, first_row = _header(lines, at, rest)
        if not columns:
            rest.append(lines[at])
            at += 1
            continue
        header, at = at, first_row
        while at < len(lines) and lines[at].text.strip() and not is_command(lines[at].text):
            if at > first_row and _is_underline(lines[at].text):
                break
            at += 1
        if at == first_row:
            rest += lines[header:at]
        last_row = min(at, first_row + MOST_ROWS)
        records += _rows(columns, lines[first_row:last_row])
        rest += lines[last_row:at]
    return tuple(records), tuple(rest)


def _header(lines: Sequence[Line], at: int, rest: list[Line]) -> tuple[tuple[_Column, ...], int]:
    """The columns that a header at this line names, and where the rows begin; no columns when it is none."""
    text = lines[at].text
    if len(text) > WIDEST:
        return (), at
    if not _is_underline(text):
        if not _is_bare_header(text) or _underlined_later(lines, at):
            return (), at
        return _by_words(text), at + 1
    # The lines above were taken for rest before their underline was seen.
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
    """Whether this is the top of a header that breaks over several lines, with its underline below."""
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
    """Whether the words are property names and Exchange's own, as in a header that lost its underlines."""
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
        # A web page turned pairs of dashes into one: the columns no longer stand where they stood.
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


def _rows(columns: tuple[_Column, ...], lines: Sequence[Line]) -> list[Record]:
    """One record for each row; a row without its first cell goes on with the row above (`-Wrap`)."""
    grid = [_grid(line.text) for line in lines]
    gutters = _gutters(columns, grid)
    drafts: list[tuple[list[str], list[Line], bool]] = []
    for line, row in zip(lines, grid, strict=True):
        texts, sure = _cells(columns, gutters, row)
        if drafts and not texts[0] and gutters is not None:
            upper, upper_lines, _ = drafts[-1]
            joined = [f"{above} {below}".strip() for above, below in zip(upper, texts, strict=True)]
            drafts[-1] = (joined, [*upper_lines, line], False)
        else:
            drafts.append((texts, [line], sure))
    return [_table_record(columns, texts, tuple(taken), sure) for texts, taken, sure in drafts]


def _table_record(columns: tuple[_Column, ...], texts: list[str], lines: tuple[Line, ...], sure: bool) -> Record:
    values = tuple(
        (column.name, printed(column.name, Value(text, lines, sure=sure, spaced=text), column=True))
        for column, text in zip(columns, texts, strict=True)
    )
    return Record(values, lines)


def _grid(text: str) -> str:
    """The row with one character for each console column."""
    text = text.replace("\u00a0", " ")
    if text.isascii():
        return text
    return "".join(character + _WIDE * (cells(character) - 1) for character in text)


def _gutters(columns: tuple[_Column, ...], rows: list[str]) -> list[int] | None:
    """For each pair of neighbours the console column that separates them; None when rows do not keep to columns.

    PowerShell puts one blank between columns. A right-aligned value that is wider than its header
    reaches to the left of it, so the gutter is looked for between the two headers.
    """
    width = columns[-1].end
    taken, after_comma = bytearray(width), bytearray(width)
    for row in rows:
        for at, character in enumerate(row[:width]):
            if character != " ":
                taken[at] = 1
                if character == "," and at + 1 < width:
                    after_comma[at + 1] = 1
    gutters: list[int] = []
    for left, right in pairwise(columns):
        free = [at for at in range(left.end, right.start) if not taken[at]]
        if not free:
            return None
        # Hex digits have no blank in them, so the first one ends the thumbprint.
        pieces = free[:1] if left.name.casefold() == "thumbprint" else [at for at in free if not after_comma[at]]
        gutter = (pieces or free)[-1]
        beside = not any(taken[gutter : right.start])
        if not beside and not _right_aligned(right, rows):
            return None
        gutters.append(right.start - 1 if beside else gutter)
    return gutters


def _right_aligned(column: _Column, rows: list[str]) -> bool:
    """Whether every row's value ends where the header does."""
    return all(
        not row[column.end : column.end + 1].strip() and row[column.end - 1 : column.end].strip() for row in rows
    )


def _cells(columns: tuple[_Column, ...], gutters: list[int] | None, row: str) -> tuple[list[str], bool]:
    """The texts of a row's cells, and whether it is certain where one ends and the next begins."""
    if gutters is not None:
        bounds = [0, *gutters, len(row)]
        return [row[start:end].replace(_WIDE, "").strip() for start, end in pairwise(bounds)], True
    words = row.replace(_WIDE, "").split(None, len(columns) - 1)
    texts = [word.strip() for word in words] + [""] * (len(columns) - len(words))
    return texts, len(words) == len(columns) and " " not in texts[-1]


MOST_REASONS = 20
"""Runs of unread lines that are named one by one; the rest are counted."""

MAIL_QUOTE = re.compile(r"(?:> ?)+")


class Form(enum.Enum):
    """The forms in which PowerShell prints objects; the value is what a person calls it."""

    LIST = "Format-List"
    TABLE = "Format-Table"
    CSV = "CSV"
    JSON = "JSON"
    CLIXML = "CLIXML"


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of a text in their order; `form` is that of the first, None without records."""

    records: tuple[Record, ...] = ()
    form: Form | None = None
    unread: tuple[Unread, ...] = ()


def read_listing(text: Text) -> Listing:
    """The records in a text, whatever form they were printed in; lists and tables may stand together."""
    converted: list[Unread] = []
    text = replace(text, lines=_unquoted(text.lines))
    for listing in _converted(text):
        if listing.records:
            return listing
        converted += listing.unread
    lines = _single_spaced(text.lines)
    listed, rest = read_list(lines)
    tabled, rest = read_table(rest)
    if not listed and not tabled:
        return Listing(unread=tuple(converted) or _unread(rest))
    records = sorted((*listed, *tabled), key=lambda record: record.lines[0].number)
    form = Form.LIST if listed and records[0] is listed[0] else Form.TABLE
    return Listing(tuple(records), form, _unread(rest))


def _converted(text: Text) -> Iterator[Listing]:
    """The text read as each form made for machines that it looks like."""
    lines = text.lines
    if (first := find_clixml(lines)) is not None:
        records, unread = read_clixml(lines, first)
        yield Listing(tuple(records), Form.CLIXML, tuple(unread))
    if (first := find_json(lines)) is not None:
        records, unread = read_json(lines, first)
        yield Listing(tuple(records), Form.JSON, tuple(unread))
    if header := find_csv(lines):
        records, unread = read_csv(lines, *header)
        yield Listing(tuple(records), Form.CSV, tuple(unread))


def _unquoted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without the `>` that a mail program put before each one."""
    if not all(line.text.startswith(">") or not line.text.strip() for line in lines):
        return lines
    return tuple(replace(line, text=MAIL_QUOTE.sub("", line.text)) for line in lines)


def _single_spaced(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without the blank one that some web pages put after each; other blanks separate records."""
    full = [line.number for line in lines if line.text.strip()]
    doubled = len(full) > 3 and all(lower - upper > 1 for upper, lower in pairwise(full))
    return [line for line in lines if line.text.strip()] if doubled else lines


def _unread(lines: Sequence[Line]) -> tuple[Unread, ...]:
    """One reason for each run of lines that are neither blank nor an echoed command."""
    reasons: list[Unread] = []
    run: list[Line] = []
    for line in (*lines, None):
        if line is not None and line.text.strip() and not is_command(line.text):
            run.append(line)
            continue
        if run:
            which = "this line is" if len(run) == 1 else f"these {len(run):,} lines are"
            reasons.append(Unread(run[0].source, run[0].number, f"{which} no property, table row or object"))
        run = []
    if len(reasons) > MOST_REASONS:
        more = reasons[MOST_REASONS - 1]
        count = len(reasons) - MOST_REASONS + 1
        reasons[MOST_REASONS - 1 :] = [Unread(more.source, more.line, f"from here on, {count:,} more such places")]
    return tuple(reasons)

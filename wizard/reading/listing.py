"""Reads records from PowerShell's output: Format-List, Format-Table, CSV, JSON and CLIXML.

The form is found by content. No input raises: the rest is named in `unread`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wizard.facts import Line, Unread
from wizard.reading.interchange import find_clixml, find_csv, find_json, read_clixml, read_csv, read_json
from wizard.reading.records import Record, Value, printed
from wizard.reading.table import read_table
from wizard.reading.text import Text, cells, is_command

_PROPERTY = re.compile(r"\s*([A-Za-z_][\w.()'-]*)\s+:(?:\s|$)")

_NOTICE = re.compile(r"(?:WARNING|VERBOSE|DEBUG|ERROR|AVERTISSEMENT|WARNUNG|WAARSCHUWING)\s?:")


@dataclass(slots=True)
class _Joint:
    """A further line of a value: its text, and whether it stood under the value as PowerShell prints it."""

    text: str
    line: Line
    indented: bool


@dataclass(slots=True)
class _Property:
    """A property being read: `column` is where its value begins on the line."""

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
        """True if a bracket of the value is open, so that more must follow."""
        written = self.text + "".join(joint.text for joint in self.joints)
        return any(written.count(left) > written.count(right) for left, right in ("{}", "[]"))


@dataclass(slots=True)
class _Paper:
    """The console that the lines of a list were copied from.

    `width` is the longest line in columns, so the console is at least that wide. `kept` says that blanks at line ends
    survived the copy.
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
        """Take the next line: a property, its continuation, a blank, or none of these."""
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
        """Join lines without indentation between two properties of a record to the upper one."""
        self._current[-1].joints += [_Joint(line.text.strip(), line, indented=False) for line in self._loose]
        self._loose = []

    def end_record(self) -> None:
        """End a record; loose lines after it belong to it only while a bracket is open."""
        if self._loose and self._current[-1].open:
            self._join_loose()
        self.rest += self._loose
        self._loose = []
        if self._current:
            self.records.append(self._current)
        self._current, self._names = [], set()


def read_list(lines: Sequence[Line]) -> tuple[tuple[Record, ...], tuple[Line, ...]]:
    """The records of every Format-List among the lines, and the other lines."""
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
    """The joined value; sure if every joint is."""
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
    """The text between two lines of a value, nothing or a blank, and whether it is certain.

    A wrap leaves a line shorter than the console only if it took a blank along. A line as long as the longest known may
    have been cut inside a word, or may have lost its blank in the copy.
    """
    if upper.endswith(" ") or joint.text.startswith(" "):
        return "", True
    if cells(upper_line.rstrip()) + cells(joint.text[:1]) <= paper.width:
        return " ", joint.indented
    return "", joint.indented and paper.kept


MOST_REASONS = 20
"""The most runs of unread lines named one by one; the rest is counted."""

MAIL_QUOTE = re.compile(r"(?:> ?)+")


class ListingForm(enum.Enum):
    """The forms of PowerShell's output; the value is a person's name for it."""

    LIST = "Format-List"
    TABLE = "Format-Table"
    CSV = "CSV"
    JSON = "JSON"
    CLIXML = "CLIXML"


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of a text in order; `form` is that of the first, None without records."""

    records: tuple[Record, ...] = ()
    form: ListingForm | None = None
    unread: tuple[Unread, ...] = ()


def read_listing(text: Text) -> Listing:
    """The records in a text of any form; lists and tables may be mixed."""
    converted: list[Unread] = []
    text = replace(text, lines=_unquoted(text.lines))
    for listing in _converted(text):
        if listing.records:
            return _with_what_stands_around(listing, text.lines)
        converted += listing.unread
    lines = _single_spaced(text.lines)
    listed, rest = read_list(lines)
    tabled, rest = read_table(rest)
    if not listed and not tabled:
        return Listing(unread=tuple(converted) or _unread(rest))
    records = sorted((*listed, *tabled), key=lambda record: record.lines[0].number)
    form = ListingForm.LIST if listed and records[0] is listed[0] else ListingForm.TABLE
    return Listing(tuple(records), form, _unread(rest))


_AROUND_OBJECTS = re.compile(r"[\s\[\]{},]*|\s*#TYPE.*|\s*\"(?:value|Count)\"\s*:.*")


def _with_what_stands_around(listing: Listing, lines: Sequence[Line]) -> Listing:
    """Add the records of lists and tables above and below, from a paste of several outputs."""
    if listing.form is ListingForm.CLIXML:
        return listing
    numbers = [line.number for record in listing.records for line in record.lines]
    told = {each.line for each in listing.unread}
    header = find_csv(lines) if listing.form is ListingForm.CSV else None
    first = lines[header[0]].number if header else min(numbers)
    last = max([*numbers, *told])
    around = [line for line in lines if not first <= line.number <= last and not _AROUND_OBJECTS.fullmatch(line.text)]
    listed, rest = read_list(around)
    tabled, rest = read_table(rest)
    below = [line for line in rest if line.number > last]
    records = sorted((*listing.records, *listed, *tabled), key=lambda record: record.lines[0].number)
    return replace(listing, records=tuple(records), unread=(*listing.unread, *_unread(below)))


def _converted(text: Text) -> Iterator[Listing]:
    """Read the text as each machine-readable form it resembles."""
    lines = text.lines
    if (first := find_clixml(lines)) is not None:
        records, unread = read_clixml(lines, first)
        yield Listing(tuple(records), ListingForm.CLIXML, tuple(unread))
    if (first := find_json(lines)) is not None:
        records, unread = read_json(lines, first)
        yield Listing(tuple(records), ListingForm.JSON, tuple(unread))
    if header := find_csv(lines):
        records, unread = read_csv(lines, *header)
        yield Listing(tuple(records), ListingForm.CSV, tuple(unread))


def _unquoted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without a mail program's `>`."""
    if not all(line.text.startswith(">") or not line.text.strip() for line in lines):
        return lines
    return tuple(replace(line, text=MAIL_QUOTE.sub("", line.text, count=1)) for line in lines)


def _single_spaced(lines: Sequence[Line]) -> Sequence[Line]:
    """Remove the blank lines that some web pages put after each line; other blanks separate records."""
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
